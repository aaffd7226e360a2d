package artifacts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/gofrs/flock"
)

// A tempDir is a process's folder for what its actions have that is temporary, in
// the system's own place for such, so that its path is short: the path of a Unix
// socket has some 100 bytes. It is private, and made when first needed. In it lies
// a file that the process keeps locked while it lives, so that another one can
// remove the folder of a process that was killed.
type tempDir struct {
	mu   sync.Mutex
	path string
	lock *flock.Flock
}

const (
	tempPrefix  = "assay-"
	tempLock    = ".assay-temp"
	maxTempBase = 40 // bytes of a path
)

// tempBase returns the folder for temporary folders: TMPDIR, unless that is too
// long for what it is needed for.
func tempBase() string {
	base, err := filepath.Abs(os.TempDir())
	if err != nil || len(base) > maxTempBase {
		if st, err := os.Stat("/tmp"); err == nil && st.IsDir() {
			return "/tmp"
		}
	}
	return base
}

// sub makes a folder in it that has the number n.
func (t *tempDir) sub(n int64) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for range 2 {
		if t.path == "" {
			if err := t.make(tempBase()); err != nil {
				return "", fmt.Errorf("folder for temporary files (TMPDIR says where): %w", err)
			}
		}
		dir := filepath.Join(t.path, strconv.FormatInt(n, 10))
		err := os.Mkdir(dir, 0o700)
		if !errors.Is(err, fs.ErrNotExist) {
			return dir, err
		}
		t.forget() // somebody cleaned up there
	}
	return "", fmt.Errorf("folders for temporary files in %s vanish", tempBase())
}

// make makes the folder below base and sweeps up what killed processes left there.
func (t *tempDir) make(base string) error {
	sweepTemp(base)
	for range 100 {
		dir, err := os.MkdirTemp(base, tempPrefix)
		if err != nil {
			return err
		}
		lock := flock.New(filepath.Join(dir, tempLock))
		if ok, err := lock.TryLock(); ok && err == nil && sameFile(lock, lock.Path()) {
			t.path, t.lock = dir, lock
			return nil
		}
		lock.Close() // another process swept it up between its making and its locking
	}
	return fmt.Errorf("no folder could be made in %s", base)
}

func (t *tempDir) forget() {
	t.lock.Close()
	t.path, t.lock = "", nil
}

// close removes the folder.
func (t *tempDir) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.path == "" {
		return nil
	}
	err := removeTemp(t.path)
	t.forget()
	return err
}

// removeTemp removes such a folder, the file that tells what it is last: what
// could not be removed is found again.
func removeTemp(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != tempLock {
			err = errors.Join(err, removeWritable(filepath.Join(dir, e.Name())))
		}
	}
	if err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// removeWritable removes all below path, also what lies in folders that were made
// read-only.
func removeWritable(path string) error {
	if os.RemoveAll(path) == nil {
		return nil
	}
	filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			os.Chmod(p, 0o700)
		}
		return nil
	})
	return os.RemoveAll(path)
}

// sweepTemp removes the folders below base of processes that are no more.
func sweepTemp(base string) {
	dirs, _ := filepath.Glob(filepath.Join(base, tempPrefix+"*"))
	for _, dir := range dirs {
		st, err := os.Lstat(filepath.Join(dir, tempLock))
		if err != nil || !st.Mode().IsRegular() || !isOwn(dir) {
			continue
		}
		lock := flock.New(filepath.Join(dir, tempLock))
		if ok, err := lock.TryLock(); ok && err == nil {
			removeTemp(dir)
		}
		lock.Close()
	}
}
