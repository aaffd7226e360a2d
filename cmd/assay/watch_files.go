package main

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// maxWatched is how many folders are watched by the system; of more, or where
// the system refuses, all files are looked at every pollEvery.
const (
	maxWatched = 4096
	pollEvery  = 2 * time.Second
)

// watcher notices changes of some places. What happens counts only if a look
// at the files then finds them other than before: events of reading, and of
// files written again as they were, are nothing.
type watcher struct {
	places []watched
	before map[string]stamp // when the watcher was made: before the run
	notify *fsnotify.Watcher
	dirs   int
}

func newWatcher(places []watched) *watcher {
	w := &watcher{places: places}
	n, err := fsnotify.NewWatcher()
	if err == nil {
		w.notify = n
		for _, p := range places {
			if err = w.add(p); err != nil {
				n.Close()
				w.notify = nil
				break
			}
		}
	}
	w.before = look(places)
	return w
}

// add watches the folders of a place. Of a file it watches the folder, since
// editors put a new file in its place.
func (w *watcher) add(p watched) error {
	for _, path := range []string{p.path, p.link} {
		if path == "" {
			continue
		}
		if err := w.watch(filepath.Dir(path)); err != nil {
			return err
		}
	}
	return filepath.WalkDir(p.path, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
			return nil
		case !p.takes(path):
			return fs.SkipDir
		}
		return w.watch(path)
	})
}

func (w *watcher) watch(dir string) error {
	if w.dirs++; w.dirs > maxWatched {
		return fsnotify.ErrEventOverflow
	}
	return w.notify.Add(dir)
}

// wait returns the files that changed, once nothing has for a while; nothing
// if the context ends.
func (w *watcher) wait(ctx context.Context) []string {
	if changed := differing(w.before, look(w.places)); len(changed) > 0 {
		return changed // while the run went on
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
func (w *watcher) stir(ctx context.Context) {
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
		case <-w.notify.Errors: // as too many events: a look tells
			return
		case <-ctx.Done():
			return
		}
	}
}

// meant reports whether an event is of a place. A new folder is watched, too.
func (w *watcher) meant(ev fsnotify.Event) bool {
	for _, p := range w.places {
		if ev.Name == p.link {
			return true
		}
		if !p.takes(ev.Name) {
			continue
		}
		if ev.Has(fsnotify.Create) {
			w.add(watched{name: p.name, path: ev.Name,
				skip: p.skip}) // if it fails, its files are found by the next look
		}
		return true
	}
	return false
}

// settle looks at the files until two looks are alike.
func (w *watcher) settle(ctx context.Context) map[string]stamp {
	now := look(w.places)
	for ctx.Err() == nil {
		sleep(ctx, quiet)
		next := look(w.places)
		if len(differing(now, next)) == 0 {
			return next
		}
		now = next
	}
	return now
}

func (w *watcher) close() {
	if w.notify != nil {
		w.notify.Close()
	}
}

// names are the places as people know them.
func (w *watcher) names() []string {
	var names []string
	for _, p := range w.places {
		if !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	return names
}

// String says what is waited for.
func (w *watcher) String() string {
	text := "waits for changes of " + strings.Join(w.names(), ", ")
	if w.notify == nil {
		text += " (looking every " + pollEvery.String() + ": too many folders to be told by the system)"
	}
	return text
}
