package store

import (
	"context"
	"fmt"
	"time"

	"assay/artifacts"
)

// LockPoll is how often a process that waits for another one looks again.
const LockPoll = 20 * time.Millisecond

// LockAction waits until no other process executes the action named key, and
// keeps others from it until unlock is called. Within one Store the caller sees
// to it that an action is locked once. The lock is the kernel's: it goes with
// the process that holds it.
func (s *Store) LockAction(ctx context.Context, key artifacts.Digest) (unlock func(), err error) {
	locks, err := s.actionLocks()
	if err != nil {
		return nil, fmt.Errorf("lock an action: %w", err)
	}
	for {
		unlock, ok, err := locks.try(key)
		if err != nil {
			return nil, fmt.Errorf("lock an action: %w", err)
		}
		if ok {
			return unlock, nil
		}
		select {
		case <-time.After(LockPoll):
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for another process that runs the same action: %w", ctx.Err())
		}
	}
}

// actionLocks opens the locks when they are first needed.
func (s *Store) actionLocks() (*actionLocks, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.locks == nil {
		locks, err := openActionLocks(s.dir)
		if err != nil {
			return nil, err
		}
		s.locks = locks
	}
	return s.locks, nil
}
