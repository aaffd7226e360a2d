package engine

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"assay/engine/step"
)

// An Event is a change of state that a person may want to see.
type Event struct {
	Node    *Node
	What    What
	Shard   int           // Progress: of which action
	Done    int           // Progress: units of work
	Total   int           //
	Actions int           // Started, Finished: how many the node has
	Ran     int           // Finished: how many of them were executed
	Why     string        // Running: the reason
	Notes   []string      // Cached, Ran: what the step counted and warned of
	Took    time.Duration // Ran
	Text    string        // Warned
}

// What says what an event is.
type What int

// The events of a node, in the order they can come.
const (
	Started  What = iota // its inputs are known
	Cached               // an action's result was in the store
	Running              // an action began
	Progress             // an action told how far it is
	Warned               // an action warned
	Ran                  // an action ended well
	Failed               // an action did not
	Finished             // all its actions are done
)

func (r *run) event(ev Event) {
	if r.e.Observe != nil {
		r.e.Observe(ev)
	}
}

// listener hears one execution: it passes progress on and keeps counts and
// warnings for the record.
type listener struct {
	run   *run
	node  *Node
	shard int

	mu       sync.Mutex
	counts   map[string]int
	warnings []string
}

// maxWarnings bounds what one execution leaves in its record.
const maxWarnings = 100

// Emit implements step.Sink.
func (l *listener) Emit(ev step.Event) {
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
		l.run.event(Event{Node: l.node, What: Warned, Shard: l.shard, Text: ev.Warning})
	case ev.Count == "":
		l.run.event(Event{Node: l.node, What: Progress, Shard: l.shard, Done: ev.Done, Total: ev.Total})
	}
}

// notes returns "count accepted 16" and "warning …" lines, counts sorted.
func (l *listener) notes() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for _, name := range slices.Sorted(maps.Keys(l.counts)) {
		out = append(out, fmt.Sprintf("count %s %d", name, l.counts[name]))
	}
	for _, w := range l.warnings {
		out = append(out, "warning "+w)
	}
	return out
}
