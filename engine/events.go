package engine

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"assay/artifacts"
	"assay/engine/graph"
	"assay/engine/step"
)

// An Event is a change of state that a person may want to see.
type Event struct {
	Node    *graph.Node
	What    What
	Key     artifacts.Digest // of the action; zero for events of the node
	Shard   int              // which of the node's actions
	Done    int              // Progress: units of work
	Total   int              //
	Actions int              // Started, Finished: how many the node has
	Ran     int              // Finished: how many of them were executed
	Why     string           // Running: the reason
	Notes   []string         // Cached, Ran: what the step counted and warned of
	Took    time.Duration    // Ran
	Text    string           // Warned, Logged: a line; Failed, Retrying, Blocked: why
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
	Logged               // an action wrote a line to its log
	Retrying             // an action failed and is tried again
	Ran                  // an action ended well
	Failed               // an action did not
	Blocked              // the node cannot run, since one it needs failed
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
	node  *graph.Node
	shard int
	key   artifacts.Digest

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
	out := Event{Node: l.node, Key: l.key, Shard: l.shard}
	switch {
	case ev.Warning != "":
		out.What, out.Text = Warned, ev.Warning
	case ev.Log != "":
		out.What, out.Text = Logged, ev.Log
	case ev.Count == "":
		out.What, out.Done, out.Total = Progress, ev.Done, ev.Total
	default:
		return
	}
	l.run.event(out)
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
