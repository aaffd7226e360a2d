package doctor

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"assay/artifacts/disk"
	"assay/artifacts/store"
)

// A trial tries one thing that a file system should do, in an empty folder of its own.
type trial struct {
	name   string
	try    func(dir string) (found string, err error)
	failed State // if it fails
	remedy string
}

// trials lists what a store asks of its file system.
func trials() []trial {
	const elsewhere = "keep the store on another file system: --store"
	return []trial{
		{"rename", tryRename, Broken, elsewhere},
		{"fsync", trySync, Broken, elsewhere},
		{"modes", tryModes, Note, elsewhere + "; here nothing marks blobs as read-only"},
		{"times", tryTimes, Note, elsewhere + "; here every blob is hashed again by every run"},
		{"names", tryNames, Note, elsewhere + "; here two files of an artifact must not differ in case alone"},
		{"hard links", tryLink, Note, "none is needed; without them commands get copies of their inputs"},
		{"clones", tryClone, Note, "none is needed; XFS and Btrfs share blocks between copies"},
	}
}

// checkFiles does the trials below dir.
func checkFiles(dir string) []Line {
	var out []Line
	for _, t := range trials() {
		place, err := os.MkdirTemp(dir, "trial-")
		if err != nil {
			return append(out, Line{t.name, Broken, err.Error(), "see that this user may write to " + dir})
		}
		line := Line{Check: t.name, State: OK}
		if line.Found, err = t.try(place); err != nil {
			line.State, line.Found, line.Remedy = t.failed, err.Error(), t.remedy
		}
		out = append(out, line)
		disk.RemoveAll(place)
	}
	return out
}

// two writes two files, and returns their paths.
func two(dir string) (a, b string, err error) {
	a, b = filepath.Join(dir, "a"), filepath.Join(dir, "b")
	return a, b, errors.Join(os.WriteFile(a, []byte("new"), 0o644), os.WriteFile(b, []byte("old"), 0o644))
}

// tryRename replaces a file, and moves a folder that is not empty.
func tryRename(dir string) (string, error) {
	a, b, err := two(dir)
	if err != nil {
		return "", err
	}
	if err := os.Rename(a, b); err != nil {
		return "", fmt.Errorf("a rename does not replace a file: %w", err)
	}
	if text, err := os.ReadFile(b); err != nil || !bytes.Equal(text, []byte("new")) {
		return "", fmt.Errorf("after a rename the file holds %q (%v)", text, err)
	}
	from, to := filepath.Join(dir, "x"), filepath.Join(dir, "z")
	if err := errors.Join(os.MkdirAll(filepath.Join(from, "y"), 0o777), os.Rename(from, to)); err != nil {
		return "", fmt.Errorf("a folder cannot be moved: %w", err)
	}
	return "replaces a file at once", nil
}

// trySync flushes a file and its folder.
func trySync(dir string) (string, error) {
	a, _, err := two(dir)
	if err != nil {
		return "", err
	}
	began := time.Now()
	if err := disk.FlushFile(a); err != nil {
		return "", fmt.Errorf("a file cannot be flushed: %w", err)
	}
	took := time.Since(began)
	if err := disk.FlushFile(dir); err != nil {
		return "", fmt.Errorf("a folder cannot be flushed: %w", err)
	}
	return fmt.Sprintf("takes %s", took.Round(10*time.Microsecond)), nil
}

func tryModes(dir string) (string, error) {
	a, _, err := two(dir)
	if err == nil {
		err = os.Chmod(a, store.BlobMode)
	}
	if err != nil {
		return "", err
	}
	st, err := os.Stat(a)
	if err != nil || st.Mode().Perm() != store.BlobMode {
		return "", errors.New("a file's mode is not kept")
	}
	return "kept", nil
}

// tryTimes sets the seal of a blob.
func tryTimes(dir string) (string, error) {
	a, _, err := two(dir)
	if err == nil {
		err = os.Chtimes(a, store.Sealed, store.Sealed)
	}
	if err != nil {
		return "", err
	}
	st, err := os.Stat(a)
	if err != nil || !st.ModTime().Equal(store.Sealed) {
		return "", errors.New("a file's modification time is not kept")
	}
	return "kept", nil
}

func tryNames(dir string) (string, error) {
	if _, _, err := two(dir); err != nil {
		return "", err
	}
	if _, err := os.Lstat(filepath.Join(dir, "A")); err == nil {
		return "", errors.New("capital and small letters are the same")
	}
	return "capital and small letters differ", nil
}

func tryLink(dir string) (string, error) {
	a, _, err := two(dir)
	if err != nil {
		return "", err
	}
	c := filepath.Join(dir, "c")
	if err := os.Link(a, c); err != nil {
		return "", errors.New("none")
	}
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(c)
	if err := errors.Join(err1, err2); err != nil || !os.SameFile(x, y) {
		return "", errors.New("a hard link is another file")
	}
	return "yes", nil
}

func tryClone(dir string) (string, error) {
	a, _, err := two(dir)
	if err != nil {
		return "", err
	}
	from, err := os.Open(a)
	if err != nil {
		return "", err
	}
	defer from.Close()
	to, err := os.Create(filepath.Join(dir, "c"))
	if err != nil {
		return "", err
	}
	defer to.Close()
	if err := disk.Clone(to, from); err != nil {
		return "", errors.New("none")
	}
	return "yes", nil
}
