package main

import (
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"assay/artifacts"
	"assay/engine"
	"assay/engine/graph"
	"assay/engine/journal"
	"assay/engine/step"
)

// recorder writes what happens in a run to its journal. The journal begins
// with the first action that has to run, and what was held back until then is
// written first: a run that finds everything up to date leaves nothing.
type recorder struct {
	dir   string // the store's runs folder
	eager bool   // begin with the first event
	warn  func(error)

	mu    sync.Mutex
	run   journal.Run
	log   *journal.Log // nil before it begins, and if it cannot
	off   bool         // it could not begin
	early []earlyEvent
	order map[*graph.Node]int // of nodes that finished
}

// earlyEvent is an event from before the journal began.
type earlyEvent struct {
	ev    engine.Event
	t     float64
	after string
}

func runsDir(st string) string { return filepath.Join(st, "runs") }

func newRecorder(st string, run journal.Run, warn func(error)) *recorder {
	run.Version, run.Began, run.Steps = version(), time.Now(), map[string]journal.Cost{}
	return &recorder{dir: runsDir(st), run: run, warn: warn, order: map[*graph.Node]int{}}
}

// observe takes up an event that happened at some time.
func (r *recorder) observe(ev engine.Event, at time.Time) {
	if ev.What == engine.Progress {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count(ev)
	if r.off {
		return
	}
	e := earlyEvent{ev, at.Sub(r.run.Began).Seconds(), ""}
	if ev.What == engine.Started {
		e.after = r.lastOf(ev.Node)
	}
	if r.log == nil {
		r.early = append(r.early, e)
		if ev.What == engine.Running || ev.What == engine.Failed || r.eager {
			r.begin()
		}
		return
	}
	r.log.Add(e.entry())
}

// begin starts the journal. If that fails the run goes on without one.
func (r *recorder) begin() {
	log, err := journal.Begin(r.dir, r.run)
	if err != nil {
		r.off, r.early = true, nil
		r.warn(err)
		return
	}
	r.log = log
	var list []journal.Event
	for _, e := range r.early {
		list = append(list, e.entry())
	}
	r.early = nil
	log.Add(list...)
}

func (r *recorder) count(ev engine.Event) {
	switch ev.What {
	case engine.Cached:
		r.run.Counts.Cached++
	case engine.Failed:
		r.run.Counts.Failed++
	case engine.Ran:
		r.run.Counts.Ran++
		c := r.run.Steps[ev.Node.Step]
		c.Actions, c.Seconds = c.Actions+1, c.Seconds+ev.Took.Seconds()
		r.run.Steps[ev.Node.Step] = c
	case engine.Finished:
		r.order[ev.Node] = len(r.order) + 1
	}
}

// lastOf returns the name of the node that n waited for last.
func (r *recorder) lastOf(n *graph.Node) string {
	var last *graph.Node
	for _, in := range n.Inputs {
		for _, f := range in.Feeds {
			if f.Node != nil && (last == nil || r.order[f.Node] > r.order[last]) {
				last = f.Node
			}
		}
	}
	if last == nil {
		return ""
	}
	return last.Name()
}

// id is the name of the run; empty if it has no journal.
func (r *recorder) id() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.log == nil {
		return ""
	}
	return r.log.ID()
}

// end writes how the run ended.
func (r *recorder) end(outcome journal.Outcome, err error) journal.Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run.Outcome, r.run.Ended = outcome, time.Now()
	if err != nil {
		r.run.Error = step.Plain(err)
	}
	run := r.run
	if r.log == nil { // nothing was executed
		return run.Counts
	}
	err = r.log.End(run.Ended, func(out *journal.Run) {
		out.Outcome, out.Error, out.Counts, out.Steps = run.Outcome, run.Error, run.Counts, run.Steps
	})
	if err != nil {
		r.warn(err)
	}
	return run.Counts
}

func (r *recorder) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.log != nil {
		r.log.Close()
	}
}

func (e *earlyEvent) entry() journal.Event {
	out := journalEvent(e.ev)
	out.T, out.After = e.t, e.after
	return out
}

// journalEvent puts an engine's event as the journal has it, without its time.
func journalEvent(ev engine.Event) journal.Event {
	out := journal.Event{
		What: journalWord(ev.What), Node: ev.Node.Name(), Step: ev.Node.Step, Shard: ev.Shard, Actions: ev.Actions,
		Ran: ev.Ran, Why: ev.Why, Took: ev.Took.Seconds(), Notes: ev.Notes, Text: ev.Text,
	}
	if ev.Key != (artifacts.Digest{}) {
		out.Key = ev.Key.String()
	}
	if ev.What == engine.Cached {
		out.Notes = nil // they were written when it ran
	}
	return out
}

// journalWord is the journal's word for an event of the engine.
func journalWord(w engine.What) string {
	switch w {
	case engine.Started:
		return journal.Started
	case engine.Cached:
		return journal.Cached
	case engine.Running:
		return journal.Began
	case engine.Warned:
		return journal.Warned
	case engine.Logged:
		return journal.Logged
	case engine.Retrying:
		return journal.Retrying
	case engine.Ran:
		return journal.Ran
	case engine.Failed:
		return journal.Broke
	case engine.Blocked:
		return journal.Blocked
	}
	return journal.Finished
}

// version names the binary: its module's version, or the commit it was built
// from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value[:min(12, len(s.Value))]
		}
	}
	return v
}

// pastCosts returns how many seconds an action of each step of a recipe took
// in its newest runs.
func pastCosts(st, recipe string) map[string]float64 {
	out := map[string]float64{}
	runs, err := journal.List(runsDir(st), 50)
	if err != nil {
		return out // only estimates hang on it
	}
	for _, r := range runs {
		if r.Recipe != recipe {
			continue
		}
		for step, c := range r.Steps {
			if _, ok := out[step]; !ok && c.Actions > 0 {
				out[step] = c.Seconds / float64(c.Actions)
			}
		}
	}
	return out
}
