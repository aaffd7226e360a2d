package artifacts

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockPoll is how often a process that waits for another one looks again.
const lockPoll = 20 * time.Millisecond

// LockAction waits until no other process executes the action named key, and
// keeps others from it until the returned function is called. The lock is the
// kernel's: it goes with the process that holds it, and the file that is left
// then means nothing.
func (s *Store) LockAction(ctx context.Context, key Digest) (unlock func(), err error) {
	dir := filepath.Join(s.dir, "locks")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, key.String())
	for {
		lock := flock.New(path)
		ok, err := lock.TryLockContext(ctx, lockPoll)
		if err != nil {
			lock.Close()
			return nil, fmt.Errorf("wait for another process that runs the same action: %w", err)
		}
		if ok && sameFile(lock, path) {
			return func() { os.Remove(path); lock.Close() }, nil
		}
		lock.Close() // removed by its last holder between opening and locking
	}
}
