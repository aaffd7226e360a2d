// Package watch waits until a file changes that a run depends on.
//
// Make a [Root] for each file or folder, then [New] before the run, and [Watcher.Wait] after
// it.
package watch

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// maxWatched is how many folders the system is asked to watch. If there are more, or if the
// system refuses, the watcher looks at all files every pollEvery.
const (
	maxWatched = 4096
	pollEvery  = 2 * time.Second
)

// Watcher notices changes below some roots. An event of the system counts only if a look at the
// files then finds a difference: reading a file, for example, changes nothing.
type Watcher struct {
	roots  []Root
	before map[string]stamp // the files when the watcher was made, before the run
	notify *fsnotify.Watcher
	dirs   int
}

// New returns a watcher that remembers how the files look now.
func New(roots []Root) *Watcher {
	w := &Watcher{roots: roots}
	n, err := fsnotify.NewWatcher()
	if err == nil {
		w.notify = n
		for _, p := range roots {
			if err = w.add(p); err != nil {
				n.Close()
				w.notify = nil
				break
			}
		}
	}
	w.before = look(roots)
	return w
}

// add watches the folders of a root. For a file it watches the folder, since editors replace
// the file by a new one.
func (w *Watcher) add(p Root) error {
	for _, path := range []string{p.Path, p.link} {
		if path == "" {
			continue
		}
		if err := w.watch(filepath.Dir(path)); err != nil {
			return err
		}
	}
	return filepath.WalkDir(p.Path, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
			return nil
		case !p.takes(path):
			return fs.SkipDir
		}
		return w.watch(path)
	})
}

func (w *Watcher) watch(dir string) error {
	if w.dirs++; w.dirs > maxWatched {
		return fsnotify.ErrEventOverflow
	}
	return w.notify.Add(dir)
}

// Wait waits for changes and returns the files that changed, as soon as nothing has changed for
// a while. It returns nil if the context ends.
func (w *Watcher) Wait(ctx context.Context) []string {
	if changed := differing(w.before, look(w.roots)); len(changed) > 0 {
		return changed // they changed during the run
	}
	for ctx.Err() == nil {
		w.stir(ctx)
		changed := differing(w.before, w.settle(ctx))
		if len(changed) > 0 && ctx.Err() == nil {
			return changed
		}
	}
	return nil
}

// stir waits until something may have changed.
func (w *Watcher) stir(ctx context.Context) {
	if w.notify == nil {
		sleep(ctx, pollEvery)
		return
	}
	for {
		select {
		case ev := <-w.notify.Events:
			if w.meant(ev) {
				return
			}
		case <-w.notify.Errors: // such as too many events; a look at the files will tell
			return
		case <-ctx.Done():
			return
		}
	}
}

// meant reports whether an event concerns a root. If it is about a new folder, meant watches
// that too.
func (w *Watcher) meant(ev fsnotify.Event) bool {
	for _, p := range w.roots {
		if ev.Name == p.link {
			return true
		}
		if !p.takes(ev.Name) {
			continue
		}
		if ev.Has(fsnotify.Create) {
			w.add(Root{Name: p.Name, Path: ev.Name, Skip: p.Skip}) // if that fails, the next look finds its files
		}
		return true
	}
	return false
}

// settle looks at the files until two looks in a row are equal, and returns the last one.
func (w *Watcher) settle(ctx context.Context) map[string]stamp {
	now := look(w.roots)
	for ctx.Err() == nil {
		sleep(ctx, quiet)
		next := look(w.roots)
		if len(differing(now, next)) == 0 {
			return next
		}
		now = next
	}
	return now
}

// Close ends the watch.
func (w *Watcher) Close() {
	if w.notify != nil {
		w.notify.Close()
	}
}

// Names returns the names of the roots, each once.
func (w *Watcher) Names() []string {
	var names []string
	for _, p := range w.roots {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

// String says what the watcher waits for.
func (w *Watcher) String() string {
	text := "waits for changes of " + strings.Join(w.Names(), ", ")
	if w.notify == nil {
		text += " (checked every " + pollEvery.String() + ": there are too many folders for the system to watch)"
	}
	return text
}
