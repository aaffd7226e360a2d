package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"assay/cmd/assay/internal/live"
	"assay/cmd/assay/internal/live/hub"
	"assay/cmd/assay/internal/live/rungraph"
	"assay/engine/graph"
	"assay/engine/journal"
	"assay/engine/recipe"
)

// How often the store is looked at for runs.
const (
	lookOften  = 500 * time.Millisecond // while a run goes on
	lookSeldom = 2 * time.Second
)

// A runWatcher turns the journal of the store's newest run into events.
type runWatcher struct {
	store  string
	recipe string // of the command line; "" for that of the run

	id    string       // of the last run that was looked at
	graph *graph.Graph // of its recipe; nil if that cannot be read here
	sent  string       // the state that was sent last
}

// watchRuns sends how far the newest run of a store is, until the context ends.
func watchRuns(ctx context.Context, store, recipe string, to *hub.Hub) {
	w := &runWatcher{store: store, recipe: recipe}
	for {
		began := time.Now()
		ev, goes := w.look()
		if ev != nil {
			to.Publish(*ev) // if too much waits, the next look sends it
		}
		pause := lookSeldom
		if goes { // a journal of many lines takes its time
			pause = max(lookOften, 10*time.Since(began))
		}
		if sleep(ctx, pause.Seconds()) != nil {
			return
		}
	}
}

// look returns an event if something has changed, and whether the run goes on. Whatever is
// wrong with a journal only means that nothing is shown.
func (w *runWatcher) look() (*live.Event, bool) {
	runs, err := journal.List(runsDir(w.store), 1)
	if err != nil || len(runs) == 0 || runs[0].Outcome == journal.Damaged {
		return nil, false
	}
	r := runs[0]
	goes := r.Outcome == journal.Running
	state := r.ID + string(r.Outcome)
	if !goes && state == w.sent {
		return nil, false
	}
	story, err := tellStory(r)
	if err != nil {
		return nil, goes
	}
	if r.ID != w.id {
		w.id, w.graph = r.ID, w.graphOf(r)
	}
	ev, err := live.Encode(rungraph.Of(r, story, w.graph))
	if err != nil {
		return nil, goes
	}
	w.sent = state
	return &ev, goes
}

// graphOf reads the recipe of a run again, from where this process is or from beside the store.
// The journal does not say where the run was started, so it may not be found: then the arrows
// are those that the journal knows.
func (w *runWatcher) graphOf(r *journal.Run) *graph.Graph {
	over := &recipe.Overrides{}
	var targets []string
	for _, arg := range r.Args {
		if set, ok := strings.CutPrefix(arg, "--set "); ok {
			over.Sets = append(over.Sets, set)
		} else if file, ok := strings.CutPrefix(arg, "--params "); ok {
			over.Params = append(over.Params, file)
		} else if !strings.HasPrefix(arg, "-") {
			targets = append(targets, arg)
		}
	}
	files := []string{r.Recipe, filepath.Join(filepath.Dir(w.store), r.Recipe)}
	if w.recipe != "" {
		files = []string{w.recipe}
	}
	for _, file := range files {
		if st, err := os.Stat(file); err != nil || !st.Mode().IsRegular() {
			continue
		}
		g, err := load(file, over)
		if err != nil {
			continue
		}
		if part, err := g.Select(targets); err == nil {
			return part
		}
	}
	return nil
}
