package work

import (
	"assay/artifacts/disk"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"
)

// A workDir is one process's own folder below tmp/. Beside it lies a file that
// the process keeps locked while it lives: the kernel lets go of the lock
// however the process ends, and the next one sweeps up (sweep.go).
type workDir struct {
	path   string
	lock   *flock.Flock
	serial atomic.Int64 // of names within
}

// newWorkDir makes a work folder below tmp.
func newWorkDir(tmp string) (*workDir, error) {
	for range 100 {
		f, err := os.CreateTemp(tmp, "work-*.lock")
		if err != nil {
			return nil, err
		}
		f.Close()
		lock := flock.New(f.Name())
		if ok, err := lock.TryLock(); err != nil {
			return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
		} else if !ok || !disk.SameFile(lock, f.Name()) {
			lock.Close() // another process swept it up between its making and its locking
			continue
		}
		w := &workDir{path: strings.TrimSuffix(f.Name(), ".lock"), lock: lock}
		return w, os.Mkdir(w.path, 0o777)
	}
	return nil, fmt.Errorf("no work folder could be made in %s", tmp)
}

// close removes the folder and lets go of it. The lock file of a folder that
// cannot be removed stays, so that a later sweep finds both.
func (w *workDir) close() error {
	if err := w.remove(); err != nil {
		return errors.Join(fmt.Errorf("work folder %s could not be removed and is left to the next run, or to gc: %w",
			w.path, err), w.lock.Close())
	}
	return errors.Join(os.Remove(w.lock.Path()), w.lock.Close())
}

// removers is how many of a process's folders are removed side by side. It has
// nothing to do with cores: with "discard" and no journal, ext4 waits for the
// disk at every folder.
const removers = 8

// remove removes the folder and in it the folders of actions.
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
