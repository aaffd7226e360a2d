package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"assay/artifacts/disk"
)

// A store says what it is: the file format has one line with the version of what
// lies around it. A folder without that file is no store, whatever it is called
// and whatever lies in it, and nothing there is changed.
const (
	formatFile = "format"
	formatLine = "assay store 1\n"
	formatWord = "assay store "
)

// MaxHead is how much of a file it takes to know its form.
const MaxHead = 64

// folders are those that every store has.
var folders = [...]string{"blobs", "actions", "sources", "recipes", "pins", "tmp"}

// ClusterDir is the folder of jobs that run on other machines; see engine/slurm/spool.
const ClusterDir = "cluster"

// asides keep other programs from a store: git, and those that make backups
// (bford.info/cachedir).
var asides = [...]struct{ name, text string }{
	{".gitignore", "# assay makes again what is here.\n*\n"},
	{"CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is assay's store: what is here can " +
		"be made again.\n"},
}

// isPart reports whether a name is one of those that lie in a store.
func isPart(name string) bool {
	switch name {
	case formatFile, ".gitignore", "CACHEDIR.TAG", "published", "runs", "locks", "lock", "actions.lock",
		ResumeDir, ClusterDir:
		return true
	}
	return slices.Contains(folders[:], name) || newFormat.MatchString(name)
}

// newFormat is the name of a format file on its way.
var newFormat = regexp.MustCompile("^" + formatFile + "-[0-9]+$")

// IsStore reports whether a folder is a store, also one of an earlier version. That
// it is of a later one is an error.
func IsStore(dir string) (bool, error) {
	says, err := saysStore(dir)
	if says || err != nil {
		return says, err
	}
	return isEarlier(dir)
}

// saysStore reports whether a folder has the format of a store.
func saysStore(dir string) (bool, error) {
	path := filepath.Join(dir, formatFile)
	st, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	if err == nil && (!st.Mode().IsRegular() || st.Size() > MaxHead) {
		return false, nil // somebody's
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case string(text) == formatLine:
		return true, nil
	case bytes.HasPrefix(text, []byte(formatWord)):
		return false, fmt.Errorf("the store %s is of format %.20q, and this assay knows format 1: use the assay that "+
			"made it, or name another store with --store", dir, strings.TrimSpace(string(text[len(formatWord):])))
	}
	return false, nil
}

// isEarlier reports whether a folder is a store that a version of assay made which
// did not say so: it has the folders of one, and nothing else.
func isEarlier(dir string) (bool, error) {
	if !hasFolders(dir) {
		return false, nil
	}
	others, err := OthersIn(dir)
	return len(others) == 0, err
}

// hasFolders reports whether all that earlier versions made at once is there.
func hasFolders(dir string) bool {
	for _, name := range folders {
		if st, err := os.Lstat(filepath.Join(dir, name)); err != nil || !st.IsDir() {
			return false
		}
	}
	st, err := os.Lstat(filepath.Join(dir, "lock"))
	return err == nil && st.Mode().IsRegular() && st.Size() == 0
}

// OthersIn lists what lies in a folder and is no part of a store.
func OthersIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var out []string
	for _, e := range entries {
		if !isPart(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, err
}

// claim makes dir a store, if it is none: it must be empty then, or not exist. It
// reports whether it made the folder.
func claim(dir string) (made bool, err error) {
	if says, err := saysStore(dir); says || err != nil {
		return false, err
	}
	if earlier, err := isEarlier(dir); err != nil {
		return false, err
	} else if earlier {
		if err := writeFormat(dir); err != nil && !isReadOnly(err) {
			return false, err
		}
		return false, nil
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		made, err = true, os.MkdirAll(dir, 0o777)
	case err == nil:
		err = mayClaim(dir, entries)
	}
	if err != nil {
		return false, err
	}
	return made, writeFormat(dir)
}

// mayClaim refuses a folder in which something lies.
func mayClaim(dir string, entries []fs.DirEntry) error {
	if others, _ := OthersIn(dir); len(others) > 0 && hasFolders(dir) {
		return fmt.Errorf("%s looks like a store of an earlier assay, but there are other things in it (%s%s): move "+
			"them away if it is one, or name another folder with --store", dir, others[0], andMore(len(others)))
	}
	for _, e := range entries {
		if newFormat.MatchString(e.Name()) {
			continue // another process is making a store here
		}
		if says, err := saysStore(dir); says || err != nil {
			return err // it has
		}
		return fmt.Errorf("%s is not a store, and not empty either (it has %s): assay makes a store only in a folder "+
			"of its own; name one, as --store %s", dir, e.Name(), filepath.Join(dir, ".assay"))
	}
	return nil
}

// isReadOnly reports whether an error says that something may not be written.
func isReadOnly(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// writeFormat says that dir is a store, and keeps other programs from it. The
// format appears whole, as all in a store does.
func writeFormat(dir string) error {
	f, err := os.CreateTemp(dir, formatFile+"-")
	if err != nil {
		return err
	}
	_, err = f.WriteString(formatLine)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		os.Remove(f.Name())
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, formatFile)); err != nil {
		return err
	}
	for _, a := range asides {
		f, err := os.OpenFile(filepath.Join(dir, a.name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = f.WriteString(a.text)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// makeFolders makes the folders that every store has. A link in the place of one
// is refused: what is removed from a store must lie in it.
func makeFolders(dir string) error {
	for _, name := range folders {
		path := filepath.Join(dir, name)
		st, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			err = os.Mkdir(path, 0o777)
			if errors.Is(err, fs.ErrExist) {
				err = nil
			}
		} else if err == nil && !st.IsDir() {
			err = fmt.Errorf("%s is a %s, where the store has a folder of its own; move the whole store instead, and "+
				"name it with --store", path, disk.TypeName(st.Mode()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
