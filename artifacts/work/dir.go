package work

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"

	"assay/artifacts/disk"
)

// A workDir is one process's own folder below tmp/. The process keeps the file beside it
// locked while it lives. The kernel releases the lock however the process ends, and the
// next process removes the folder (sweep.go).
type workDir struct {
	path   string
	lock   *flock.Flock
	serial atomic.Int64  // of names within
	stop   chan struct{} // ends the beat; nil in a sweep
}

// newWorkDir makes a work folder below tmp.
func newWorkDir(tmp string) (*workDir, error) {
	for range 100 {
		f, err := os.CreateTemp(tmp, thisMachine().prefix()+"*.lock")
		if err != nil {
			return nil, err
		}
		f.Close()
		lock := flock.New(f.Name())
		if ok, err := lock.TryLock(); err != nil {
			return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
		} else if !ok || !disk.SameFile(lock, f.Name()) {
			lock.Close() // another process removed it before it was locked
			continue
		}
		w := &workDir{path: strings.TrimSuffix(f.Name(), ".lock"), lock: lock, stop: make(chan struct{})}
		go w.beat(w.stop)
		return w, os.Mkdir(w.path, 0o777)
	}
	return nil, fmt.Errorf("cannot make a work folder in %s", tmp)
}

// close removes the folder and releases its lock. If a folder cannot be removed, its
// lock file stays, so that a later sweep finds both.
func (w *workDir) close() error {
	if w.stop != nil {
		close(w.stop)
		w.stop = nil
	}
	if err := w.remove(); err != nil {
		return errors.Join(fmt.Errorf("cannot remove the work folder %s; the next run or gc will try again: %w",
			w.path, err), w.lock.Close())
	}
	return errors.Join(os.Remove(w.lock.Path()), w.lock.Close())
}

// removers is how many folders of a process are removed in parallel. This does not
// depend on cores: with "discard" and without a journal, ext4 waits for the disk at
// every folder.
const removers = 8

// remove removes the folder with the folders of actions in it.
func (w *workDir) remove() error {
	entries, _ := os.ReadDir(w.path)
	var g errgroup.Group
	g.SetLimit(removers)
	for _, e := range entries {
		g.Go(func() error { return disk.RemoveAll(filepath.Join(w.path, e.Name())) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return disk.RemoveAll(w.path)
}
