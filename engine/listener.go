package engine

import (
	"maps"
	"slices"
	"sync"
	"time"

	"assay/artifacts"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/step"
)

// tell passes an event of a node on to all observers.
func (r *run) tell(n *graph.Node, ev event.Event) {
	if len(r.e.Observers) == 0 {
		return
	}
	ev.Node, ev.Step, ev.Labels = n.Name(), n.Step, n.Labels
	r.say(ev)
}

// say passes an event on to all observers.
func (r *run) say(ev event.Event) {
	ev.T = time.Since(r.began).Seconds()
	for _, o := range r.e.Observers {
		o.Observe(ev)
	}
}

// tell passes an event of the execution on.
func (x *execution) tell(ev event.Event) {
	ev.Key, ev.Shard = x.action.Key().String(), x.shard
	x.run.tell(x.node, ev)
}

// listener receives the messages of one execution. It passes them on as events, and collects
// the counts and warnings for the record.
type listener struct {
	of *execution

	mu       sync.Mutex
	counts   map[string]int
	warnings []string
}

// maxWarnings is how many warnings of one execution its record keeps.
const maxWarnings = 100

// Emit implements step.Sink.
func (l *listener) Emit(ev step.Message) {
	l.mu.Lock()
	switch {
	case ev.Count != "":
		if l.counts == nil {
			l.counts = map[string]int{}
		}
		l.counts[ev.Count] += ev.N
	case ev.Warning != "":
		if len(l.warnings) < maxWarnings {
			l.warnings = append(l.warnings, ev.Warning)
		}
	}
	l.mu.Unlock()
	switch {
	case ev.Warning != "":
		l.of.tell(event.Event{What: event.Warned, Text: ev.Warning})
	case ev.Log != "":
		l.of.tell(event.Event{What: event.Logged, Text: ev.Log})
	case ev.Status != "":
		l.of.tell(event.Event{What: event.Status, Text: ev.Status})
	case ev.Count == "":
		l.of.tell(event.Event{What: event.Progress, Done: ev.Done, Total: ev.Total})
	}
}

// notes returns the counts, sorted by name, and then the warnings.
func (l *listener) notes() []artifacts.Note {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []artifacts.Note
	for _, name := range slices.Sorted(maps.Keys(l.counts)) {
		out = append(out, artifacts.Note{Count: name, N: l.counts[name]})
	}
	for _, w := range l.warnings {
		out = append(out, artifacts.Note{Warning: w})
	}
	return out
}
