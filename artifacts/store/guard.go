package store

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrBusy says that other processes use the store.
var ErrBusy = errors.New("another process is using the store (a run under way?); nothing was changed, try again when it is done")

// share holds the store together with all other processes that run or read.
// While one cleans, which needs the store alone, it waits and says so. The lock
// is the kernel's: it ends with the process, however that ends, and the file
// that it is on means nothing by being there.
func (s *Store) share() error {
	guard := flock.New(filepath.Join(s.dir, "lock"), flock.SetPermissions(0o666))
	ok, err := guard.TryRLock()
	if isReadOnly(err) {
		return nil // nobody changes what lies on a read-only file system
	}
	if err == nil && !ok {
		s.warn("another process is cleaning the store; waiting for it to finish")
		err = guard.RLock()
	}
	if err != nil {
		return fmt.Errorf("lock the store: %w", err)
	}
	s.guard = guard
	return nil
}

func (s *Store) unshare() error {
	if s.guard == nil {
		return nil
	}
	return s.guard.Unlock()
}

// Exclusive takes the store for this process alone until release is called. If
// another process uses it, the error wraps [ErrBusy].
func (s *Store) Exclusive() (release func(), err error) {
	if s.guard == nil {
		return nil, fmt.Errorf("the store %s cannot be written to", s.dir)
	}
	if err := s.guard.Unlock(); err != nil {
		return nil, fmt.Errorf("lock the store: %w", err)
	}
	ok, err := s.guard.TryLock()
	back := func() {
		s.guard.Unlock()
		s.guard.RLock()
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
