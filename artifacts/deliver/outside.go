package deliver

import (
	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/store"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// outside is a folder outside the store, of a person, into which files are put.
// The folder itself may be where a link leads that the person made; below it,
// nothing is read, written or removed through a link.
type outside struct {
	dir  string // as it was named
	real string // its [RealPath]
	root *os.Root
	lock *flock.Flock // nil until it is locked, or if that cannot be
	made []string     // folders that this process made for it, the deepest first
	seen map[string]spot
}

func newOutside(dir string) *outside { return &outside{dir: dir, real: artifacts.RealPath(dir)} }

func (o *outside) path(name string) string { return filepath.Join(o.dir, filepath.FromSlash(name)) }

// open opens the folder if it is there, and forgets what was seen.
func (o *outside) open() error {
	o.seen = map[string]spot{}
	o.shut()
	root, err := os.OpenRoot(o.real)
	switch {
	case err == nil:
		o.root = root
	case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
		return err
	}
	return nil
}

func (o *outside) shut() {
	if o.root != nil {
		o.root.Close()
		o.root = nil
	}
}

// A spot is what is at a name in the folder.
type spot struct {
	st      fs.FileInfo // nil if nothing is
	blocked string      // the name of a link, or a file, that is where a folder should be
	link    bool        // whether that is a link
}

// look finds what is at a name. It follows no link.
func (o *outside) look(name string) (spot, error) {
	if o.root == nil {
		return spot{}, nil
	}
	if sp, ok := o.seen[name]; ok {
		return sp, nil
	}
	var sp spot
	if dir := path.Dir(name); dir != "." {
		above, err := o.look(dir)
		switch {
		case err != nil:
			return sp, err
		case above.st == nil:
			return above, nil
		case !above.st.IsDir():
			return spot{blocked: dir, link: above.st.Mode()&fs.ModeSymlink != 0}, nil
		}
	}
	st, err := o.root.Lstat(name)
	switch {
	case err == nil:
		sp.st = st
	case !errors.Is(err, fs.ErrNotExist):
		return sp, err
	}
	o.seen[name] = sp
	return sp, nil
}

// holds reports whether a plain file with the content d is at a name.
func (o *outside) holds(name string, d artifacts.Digest) (bool, error) {
	f, err := o.root.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	got, err := artifacts.HashOpen(f)
	return err == nil && got == d, err
}

// above says what is where a folder should be, of the folder itself or of those
// above it; "" if nothing is.
func (o *outside) above() string {
	for dir := o.dir; ; dir = filepath.Dir(dir) {
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			return ""
		} else if _, lerr := os.Lstat(dir); err == nil || lerr == nil { // a link that leads nowhere is no folder
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// nothingAbove is an error that says what is where the folder, or one above it,
// should be.
func (o *outside) nothingAbove() error {
	if at := o.above(); at != "" {
		return inTheWay(at + " (a file, where a folder should be)")
	}
	return nil
}

// acquire makes the folder if need be, and waits until no other process puts
// anything into it. The lock is the kernel's, on the folder itself: it needs no file
// there, is the same for all stores, and ends with the process. Where the system
// locks no folders, a file in the store does, which keeps the store's own runs apart.
func (o *outside) acquire(ctx context.Context, s *store.Store) error {
	for waited := false; ; {
		if err := o.make(); err != nil {
			return err
		}
		lock := flock.New(o.real, flock.SetFlag(os.O_RDONLY))
		at := o.real
		ok, err := lock.TryLock()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			at = recordPath(s, o.real) + ".lock"
			os.MkdirAll(filepath.Dir(at), 0o777)
			lock = flock.New(at)
			ok, err = lock.TryLock()
		}
		switch {
		case ok && disk.SameFile(lock, at):
			o.lock = lock
			return o.open()
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			s.Warn(fmt.Sprintf("%s cannot be locked, so another run that puts files there at the same time would mix "+
				"with this one: %v", o.dir, err))
			return o.open()
		}
		lock.Close()
		if ok || err != nil {
			continue // removed by the process that made it
		}
		if !waited {
			waited = true
			s.Warn(fmt.Sprintf("another process is putting files into %s; waiting for it to finish", o.dir))
		}
		select {
		case <-time.After(store.LockPoll):
		case <-ctx.Done():
			return fmt.Errorf("wait for another process that puts files there: %w", ctx.Err())
		}
	}
}

// make makes the folder, and remembers what it made.
func (o *outside) make() error {
	var missing []string
	for dir := o.real; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			break
		}
		missing = append(missing, dir)
	}
	if len(missing) == 0 {
		return nil
	}
	o.made = missing
	return os.MkdirAll(o.real, 0o777)
}

// release lets go of the folder. If nothing was put there, folders that were made
// for it go.
func (o *outside) release() {
	o.shut()
	for _, dir := range o.made {
		if os.Remove(dir) != nil {
			break // something lies there
		}
	}
	if o.lock != nil {
		o.lock.Close()
		o.lock = nil
	}
}

// create makes a file that appears whole, as fill fills it, or not at all.
func (o *outside) create(name string, fill func(*os.File) error) error {
	dir := path.Dir(name)
	if dir != "." {
		if err := o.root.MkdirAll(dir, 0o777); err != nil {
			return err
		}
	}
	tmp := path.Join(dir, ".assay-"+strings.ToLower(rand.Text()))
	f, err := o.root.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer o.root.Remove(tmp) // if it still is there
	if err := errors.Join(fill(f), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return o.root.Rename(tmp, name)
}

// drop removes a file, and the folders that are empty without it.
func (o *outside) drop(name string) error {
	if err := o.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		// A link to a folder is somebody's work, and would go without being empty.
		if st, err := o.root.Lstat(dir); err != nil || !st.IsDir() || o.root.Remove(dir) != nil {
			return nil
		}
	}
	return nil
}
