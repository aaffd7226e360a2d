package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"assay/artifacts"
)

// LockPoll is how often a process that waits for another one looks again.
const LockPoll = 20 * time.Millisecond

// maxLockPoll is how seldom it looks in the end: thousands of actions may wait at once.
const maxLockPoll = time.Second

// actionLocks keep processes from executing an action twice, see [Store.LockAction].
type actionLocks struct {
	dir string // of the store

	mu   sync.Mutex
	open *kernelLocks // nil until they are first needed
}

// lock waits for the lock of an action.
func (l *actionLocks) lock(ctx context.Context, key artifacts.Digest) (unlock func(), err error) {
	locks, err := l.opened()
	if err != nil {
		return nil, fmt.Errorf("lock an action: %w", err)
	}
	for wait := LockPoll; ; wait = min(wait+wait/2, maxLockPoll) {
		unlock, ok, err := locks.try(key)
		if err != nil {
			return nil, fmt.Errorf("lock an action: %w", err)
		}
		if ok {
			return unlock, nil
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for another process that runs the same action: %w", ctx.Err())
		}
	}
}

func (l *actionLocks) opened() (*kernelLocks, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		open, err := openKernelLocks(l.dir)
		if err != nil {
			return nil, err
		}
		l.open = open
	}
	return l.open, nil
}

func (l *actionLocks) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		return nil
	}
	open := l.open
	l.open = nil
	return open.close()
}
