//go:build !linux

package store

import (
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// kernelLocks are kernel locks on a file an action, named by its key.
type kernelLocks struct{ dir string }

func openKernelLocks(dir string) (*kernelLocks, error) {
	dir = filepath.Join(dir, "locks")
	return &kernelLocks{dir}, os.MkdirAll(dir, 0o777)
}

// try takes the lock of an action; ok is false if another process has it. A
// file that a killed process left there means nothing.
func (l *kernelLocks) try(key artifacts.Digest) (unlock func(), ok bool, err error) {
	path := filepath.Join(l.dir, key.String())
	lock := flock.New(path)
	ok, err = lock.TryLock()
	if err != nil || !ok || !disk.SameFile(lock, path) { // removed by its last holder between opening and locking
		lock.Close()
		return nil, false, err
	}
	return func() { os.Remove(path); lock.Close() }, true, nil
}

func (l *kernelLocks) close() error { return nil }
