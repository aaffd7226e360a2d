package deliver

import (
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

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/store"
)

// outside is a user's folder outside the store, into which files are delivered. The
// folder itself may be a link that the user made; below it, nothing is read, written or
// removed through a link.
type outside struct {
	dir  string // the path as given
	real string // its [RealPath]
	root *os.Root
	lock *flock.Flock // nil until it is locked, or if it cannot be
	made []string     // folders that this process made for it, the deepest first
	seen map[string]spot
}

func newOutside(dir string) *outside { return &outside{dir: dir, real: artifacts.RealPath(dir)} }

func (o *outside) path(name string) string { return filepath.Join(o.dir, filepath.FromSlash(name)) }

// open opens the folder if it exists, and discards earlier findings.
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
	blocked string      // the name of a link or file in place of a folder
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

// above returns what is in place of the folder itself or of one above it; "" if nothing
// is.
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

// nothingAbove returns an error if something is in place of the folder or of one above
// it.
func (o *outside) nothingAbove() error {
	if at := o.above(); at != "" {
		return inTheWay(at + " (a file in place of a folder)")
	}
	return nil
}

// acquire makes the folder if necessary, and waits until no other process delivers into
// it. The lock is the kernel's, on the folder itself: it needs no file there, is the
// same for all stores, and ends with the process. Where the system cannot lock folders,
// a file in the store is locked, which separates the runs of one store only.
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

// make makes the folder, and remembers which folders it made.
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

// release unlocks the folder. If nothing was put there, it removes the folders that were
// made for it.
func (o *outside) release() {
	o.shut()
	for _, dir := range o.made {
		if os.Remove(dir) != nil {
			break // not empty
		}
	}
	if o.lock != nil {
		o.lock.Close()
		o.lock = nil
	}
}

// create makes a file that appears complete, with the content that fill writes, or not
// at all.
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
	defer o.root.Remove(tmp) // if it still exists
	if err := errors.Join(fill(f), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return o.root.Rename(tmp, name)
}

// drop removes a file, and the folders that it leaves empty.
func (o *outside) drop(name string) error {
	if err := o.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		// A link to a folder belongs to somebody, and would be removed even if not empty.
		if st, err := o.root.Lstat(dir); err != nil || !st.IsDir() || o.root.Remove(dir) != nil {
			return nil
		}
	}
	return nil
}
