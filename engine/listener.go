package engine

import (
	"time"

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
	notebook
	of *execution
}

// Emit implements step.Sink.
func (l *listener) Emit(ev step.Message) {
	l.add(ev)
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
