package store

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// discard removes a store that this process made and in which nothing came to lie,
// as when a command fails before it does anything.
func (g guard) discard() {
	if g.lock == nil || g.lock.Unlock() != nil {
		return
	}
	if ok, err := g.lock.TryLock(); !ok || err != nil {
		return // another process uses it
	}
	defer g.lock.Unlock()
	for _, sub := range append(folders[:], "runs", "published", ResumeDir, ClusterDir) {
		if list, err := os.ReadDir(filepath.Join(g.dir, sub)); len(list) > 0 || err != nil &&
			!errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
	if others, err := OthersIn(g.dir); len(others) > 0 || err != nil {
		return
	}
	// All at once, so that whoever opens it finds a whole store or none.
	gone := g.dir + ".gone-" + strings.ToLower(rand.Text())
	if os.Rename(g.dir, gone) != nil {
		return
	}
	entries, _ := os.ReadDir(gone)
	for _, e := range entries {
		os.Remove(filepath.Join(gone, e.Name())) // a folder only if it is empty, as it is
	}
	os.Remove(gone)
}
