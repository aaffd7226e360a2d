package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// ErrWritten says that somebody wrote to an input.
var ErrWritten = errors.New("changed while the command ran; if the command did it, let it copy a file before it " +
	"changes it (cat makes a writable copy), since inputs are what other steps read, too. If it did not, a command " +
	"of an earlier step may have left a process running")

// Lay makes the files of a tree plain files below the folder dir, for a command:
// clones that share their blocks with the store where the file system can do that,
// else hard links to the blobs, else copies. fenced says that the command cannot
// reach the store; without that nothing is linked. It returns whether there are hard
// links, and a function that returns an error if a file was written to since.
func (f storeFS) Lay(dir string, fenced bool) (_ []string, shared bool, intact func() error, err error) {
	l := &laying{store: f.store, dir: dir, link: fenced, made: map[string]bool{}}
	if err := os.MkdirAll(dir, 0o777); err != nil { // two artifacts with the same labels share one
		return nil, false, nil, err
	}
	for _, file := range f.tree {
		if err := l.file(file); err != nil {
			return nil, false, nil, fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	return nil, len(l.linked) > 0, l.intact, nil
}

// laying is an artifact that is laid out below a folder.
type laying struct {
	store *Store
	dir   string
	link  bool
	made  map[string]bool // folders

	copied []artifacts.File
	linked []artifacts.File
}

// file lays out one file.
func (l *laying) file(f artifacts.File) error {
	if sub := path.Dir(f.Name); sub != "." && !l.made[sub] {
		l.made[sub] = true
		if err := os.MkdirAll(filepath.Join(l.dir, filepath.FromSlash(sub)), 0o777); err != nil {
			return err
		}
	}
	from, to := l.store.Path(f.Digest), filepath.Join(l.dir, filepath.FromSlash(f.Name))
	if !l.store.cannotClone.Load() {
		err := copyBlob(from, to, disk.Clone)
		if !errors.Is(err, errors.ErrUnsupported) {
			l.copied = append(l.copied, f)
			return err
		}
		l.store.cannotClone.Store(true)
	}
	if l.link {
		err := os.Link(from, to)
		if err == nil {
			l.linked = append(l.linked, f)
			return nil
		}
		if !cannotLink(err) {
			return err
		}
	}
	l.copied = append(l.copied, f)
	return copyBlob(from, to, readInto)
}

// cannotLink reports whether a copy is the way out: of a blob with as many names as
// it can have, of another user, or of a file system without hard links or in two parts.
func cannotLink(err error) bool {
	return errors.Is(err, syscall.EMLINK) || errors.Is(err, syscall.EXDEV) || errors.Is(err, fs.ErrPermission) ||
		errors.Is(err, errors.ErrUnsupported)
}

// copyBlob makes a file that looks like a sealed blob; fill gives it its content. If
// that fails there is no file.
func copyBlob(from, to string, fill func(w, r *os.File) error) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, BlobMode)
	if err != nil {
		return err
	}
	if err := errors.Join(fill(w, r), w.Close()); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return os.Chtimes(to, Sealed, Sealed)
}

func readInto(w, r *os.File) error {
	_, err := io.Copy(w, r)
	return err
}

// intact returns an error if a file was written to, and puts right what a command
// can do to blobs through their other names: modes and times are no content.
func (l *laying) intact() error {
	var bad error
	for _, f := range l.copied {
		if bad == nil && wasWritten(filepath.Join(l.dir, filepath.FromSlash(f.Name)), f.Digest) {
			bad = fmt.Errorf("%s %w", f.Name, ErrWritten)
		}
	}
	for _, f := range l.linked {
		if err := l.mend(f.Digest); err != nil && bad == nil {
			bad = fmt.Errorf("%s %w", f.Name, err)
		}
	}
	return bad
}

// wasWritten reports whether a copy has other content. One that was moved or
// removed was not written to, and a new time alone is no content.
func wasWritten(path string, d artifacts.Digest) bool {
	st, err := os.Lstat(path)
	if err != nil || !st.Mode().IsRegular() || st.ModTime().Equal(Sealed) {
		return false
	}
	got, err := artifacts.HashFile(path)
	return err == nil && got != d
}

// mend makes a blob that a command had a name of what a blob is, and returns an
// error if its content is not.
func (l *laying) mend(d artifacts.Digest) error {
	path := l.store.Path(d)
	st, err := os.Lstat(path)
	if err == nil && st.Mode().Perm() != BlobMode {
		os.Chmod(path, BlobMode)
		if !l.store.Whole(d, true) {
			return ErrWritten
		}
	}
	if !l.store.Whole(d, false) {
		return ErrWritten
	}
	return nil
}
