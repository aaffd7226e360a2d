// Package store keeps artifacts and the results of actions in a folder.
//
// [Open] a [Store], [Store.Commit] a directory to it, [Store.ReadTree] and [Store.FS] to
// read it back, [Store.Record] and [Store.Lookup] for the results of actions, and
// [Store.Scan] for data that lies outside. Read the comment of Store first: it says what
// lies where. seal.go says how little is flushed, and why that is safe.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"sync/atomic"

	"assay/artifacts"
	"assay/artifacts/work"
)

// A Store is a directory that holds artifacts and the results of actions:
//
//	format            what this folder is, see format.go
//	blobs/ab/abcd…    files, and the texts of trees, by digest
//	actions/ab/abcd…  results of actions, by action key, with the key's text
//	sources/…         digests remembered of data outside the store
//	recipes/…         what each recipe made last
//	published/…       which files assay put where outside the store
//	pins/…            what is kept by name
//	resume/…          progress of actions that have no result yet, by action key
//	tmp/…             work under way; nothing there is needed after a crash
//	lock              what processes hold a kernel lock on while they use the store
//	actions.lock      the same of actions under way
//
// Several processes may use one store at once. Everything in it appears by
// rename, complete. A blob is read-only and its modification time is [sealed],
// so a check of it is one stat; see there for what any other time means.
type Store struct {
	dir   string
	warn  func(string)
	made  bool // by this process
	guard guard

	closing sync.Mutex
	actions actionLocks

	work     *work.Area
	unsealed unsealed
	small    small

	cannotClone atomic.Bool // the file system was asked
}

// Open opens the store at dir, or makes one if nothing is there. A folder in which
// other things lie is an error. If another process cleans the store, Open waits for
// that to end. Warnings, also about damage that was found and put right, go to warn.
func Open(dir string, warn func(string)) (*Store, error) {
	s := &Store{dir: dir, warn: warn, work: work.NewArea(filepath.Join(dir, "tmp")),
		actions: actionLocks{dir: dir}, unsealed: unsealed{every: sealEvery}}
	var err error
	for range openTries {
		var made bool
		made, err = claim(dir)
		s.made = s.made || made
		if err == nil {
			err = makeFolders(dir)
		}
		if err == nil {
			s.guard, err = hold(dir, warn)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue // whoever made the store discarded it meanwhile
		case err != nil:
			return nil, fmt.Errorf("the store cannot be used (choose another folder with --store): %w", err)
		case !s.guard.isLost():
			return s, nil
		}
		s.guard.release()
	}
	return nil, fmt.Errorf("the store cannot be opened, since others make and discard it all the time: %w", err)
}

// openTries is how often a store that is discarded as it is opened is opened again.
const openTries = 100

// Close seals what is new, removes the process's own working files and lets go
// of the store. A store that it made and put nothing into goes away again.
func (s *Store) Close() error {
	s.closing.Lock()
	defer s.closing.Unlock()
	s.small.write(s)
	sealing := make(chan error, 1)
	go func() { sealing <- s.unsealed.seal(s) }()
	err := s.work.Close()
	if err != nil {
		s.warn(err.Error())
	}
	err = errors.Join(err, <-sealing, s.actions.close())
	if s.made {
		s.made = false
		s.guard.discard()
	}
	return errors.Join(err, s.guard.release())
}

// Dir returns the folder that the store is.
func (s *Store) Dir() string { return s.dir }

// Warn tells the person who uses the store something that stops nothing.
func (s *Store) Warn(msg string) { s.warn(msg) }

// Scratch makes a folder for an action, see [work.Area.Scratch].
func (s *Store) Scratch(folders ...string) (*work.Scratch, error) { return s.work.Scratch(folders...) }

// LockAction waits until no other process executes the action named key, and
// keeps others from it until unlock is called. Within one Store the caller sees
// to it that an action is locked once. The lock is the kernel's: it goes with
// the process that holds it.
func (s *Store) LockAction(ctx context.Context, key artifacts.Digest) (unlock func(), err error) {
	return s.actions.lock(ctx, key)
}

// Exclusive takes the store for this process alone until release is called. If
// another process uses it, also on another machine, the error wraps [ErrBusy].
func (s *Store) Exclusive() (release func(), err error) {
	release, err = s.guard.alone()
	if err != nil {
		return nil, err
	}
	if err := s.usedAbroad(); err != nil {
		release()
		return nil, err
	}
	return release, nil
}
