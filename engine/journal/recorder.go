package journal

import (
	"sync"
	"time"

	"assay/engine/event"
	"assay/engine/step"
)

// A Recorder is an observer that keeps a run's journal. The journal begins with the first
// action that has to run, and what happened before is written first: a run that finds
// everything up to date leaves nothing.
type Recorder struct {
	dir   string
	eager bool
	warn  func(error)

	mu    sync.Mutex
	run   Run
	log   *Log // nil before it begins, and if it cannot
	off   bool // it could not begin
	early []event.Event
}

// NewRecorder returns a recorder of a run that begins now, for the store's runs folder dir.
// An eager one begins the journal with the first event. A journal that cannot be written
// does not stop the run: warn gets the error.
func NewRecorder(dir string, run Run, eager bool, warn func(error)) *Recorder {
	run.Began = time.Now()
	return &Recorder{dir: dir, run: run, eager: eager, warn: warn}
}

// Observe implements [event.Observer].
func (r *Recorder) Observe(ev event.Event) {
	if ev.What == event.Progress {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch ev.What {
	case event.Cached:
		r.run.Counts.Cached++
		ev.Notes = nil // they were written when it ran
	case event.Failed:
		r.run.Counts.Failed++
	case event.Ran:
		r.run.Counts.Ran++
	}
	switch {
	case r.off:
	case r.log != nil:
		r.log.Add(ev)
	default:
		r.early = append(r.early, ev)
		if ev.What == event.Running || ev.What == event.Failed || r.eager {
			r.begin()
		}
	}
}

// begin starts the journal. If that fails the run goes on without one.
func (r *Recorder) begin() {
	log, err := Begin(r.dir, r.run)
	if err != nil {
		r.off = true
		r.warn(err)
	} else {
		r.log = log
		log.Add(r.early...)
	}
	r.early = nil
}

// ID is the name of the run; empty if it has no journal.
func (r *Recorder) ID() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.log == nil {
		return ""
	}
	return r.log.ID()
}

// End writes how the run ended, and returns what it came to. What is observed later is
// lost.
func (r *Recorder) End(outcome Outcome, err error) Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.log == nil { // nothing was executed
		return r.run.Counts
	}
	text := ""
	if err != nil {
		text = step.Plain(err)
	}
	err = r.log.End(time.Now(), func(out *Run) { out.Outcome, out.Error, out.Counts = outcome, text, r.run.Counts })
	if err != nil {
		r.warn(err)
	}
	r.log.Close()
	r.log, r.off = nil, true
	return r.run.Counts
}
