package journal

import (
	"sync"
	"time"

	"assay/engine/event"
	"assay/engine/step"
)

// A Recorder is an observer that writes a run's journal. It starts the journal when the first
// action has to run, and then writes the earlier events too. So a run that finds everything
// up to date leaves no journal.
type Recorder struct {
	dir   string
	eager bool
	warn  func(error)

	mu    sync.Mutex
	run   Run
	log   *Log          // nil before the journal starts, and if it cannot start
	off   bool          // the journal could not start, or has ended
	early []event.Event // those before the journal starts
}

// NewRecorder returns a recorder for a run that begins now; dir is the store's folder of runs.
// With eager it starts the journal at the first event. If the journal cannot be written, the
// run goes on, and warn gets the error.
func NewRecorder(dir string, run Run, eager bool, warn func(error)) *Recorder {
	run.Began = time.Now()
	return &Recorder{dir: dir, run: run, eager: eager, warn: warn}
}

// Observe implements [event.Observer].
func (r *Recorder) Observe(ev event.Event) {
	if ev.What == event.Progress || ev.What == event.Status {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch ev.What {
	case event.Cached:
		r.run.Counts.Cached++
		ev.Notes = nil // the journal of the run that executed it has them
	case event.Failed:
		r.run.Counts.Failed++
	case event.Ran:
		r.run.Counts.Ran++
	case event.Known:
		r.run.Counts.Nodes += ev.Count
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

// begin starts the journal. If that fails, the run goes on without one.
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

// ID returns the name of the run; "" if it has no journal.
func (r *Recorder) ID() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.log == nil {
		return ""
	}
	return r.log.ID()
}

// End writes how the run ended, and returns what the run did. Later events are lost.
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
