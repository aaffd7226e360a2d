package store

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"

	"assay/artifacts/disk"
)

// ErrBusy says that other processes use the store.
var ErrBusy = errors.New("another process is using the store (a run under way?); nothing was changed, try again when it is done")

// A guard is this process's hold on a store. The lock is the kernel's: it ends with
// the process, however that ends, and the file that it is on means nothing by being
// there.
type guard struct {
	dir  string
	lock *flock.Flock // nil if the store cannot be written to: then nobody changes it
}

// hold takes a store together with all other processes that run or read. While one
// cleans, which needs the store alone, it waits and says so.
func hold(dir string, warn func(string)) (guard, error) {
	lock := flock.New(filepath.Join(dir, "lock"), flock.SetPermissions(0o666))
	ok, err := lock.TryRLock()
	if isReadOnly(err) {
		return guard{dir: dir}, nil
	}
	if err == nil && !ok {
		warn("another process is cleaning the store; waiting for it to finish")
		err = lock.RLock()
	}
	if err != nil {
		return guard{}, fmt.Errorf("lock the store: %w", err)
	}
	return guard{dir, lock}, nil
}

// isLost reports whether the store that was taken is no longer the one in its place.
func (g guard) isLost() bool { return g.lock != nil && !disk.SameFile(g.lock, g.lock.Path()) }

func (g guard) release() error {
	if g.lock == nil {
		return nil
	}
	return g.lock.Unlock()
}

// alone takes the store for this process alone, see [Store.Exclusive].
func (g guard) alone() (release func(), err error) {
	if g.lock == nil {
		return nil, fmt.Errorf("the store %s cannot be written to", g.dir)
	}
	if err := g.lock.Unlock(); err != nil {
		return nil, fmt.Errorf("lock the store: %w", err)
	}
	ok, err := g.lock.TryLock()
	back := func() {
		g.lock.Unlock()
		g.lock.RLock()
	}
	if err != nil || !ok {
		back()
	}
	if err != nil {
		return nil, fmt.Errorf("lock the store: %w", err)
	}
	if !ok {
		return nil, ErrBusy
	}
	return back, nil
}
