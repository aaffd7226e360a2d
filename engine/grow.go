package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"assay/artifacts"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// The axes of a step may take their values from what a node makes. When that is made, the graph is resolved again
// with it, which gives the same nodes as before and new ones. These start at once, beside all that runs already:
// nothing waits for a graph to grow but what needs the values.

// growth is how far the graph of a run has grown.
type growth struct {
	growing sync.Mutex       // held while it grows
	newest  *run             // the state of the largest graph
	open    map[string]bool  // steps whose axes may look at what was made
	spoilt  map[string]error // why steps that are not known yet never will be
}

// grow makes the steps known whose axes look at nothing that is still to be made, now that n is. start gets the new
// nodes.
func (r *run) grow(ctx context.Context, n *graph.Node, start func(*run, []*graph.Node)) error {
	if len(r.g.Later) == 0 {
		return nil
	}
	r.growing.Lock()
	defer r.growing.Unlock()
	for alone := false; ; {
		cur := r.newest
		steps := cur.growable(alone)
		if len(steps) == 0 || ctx.Err() != nil {
			return nil
		}
		var next *run
		err := cur.fetchMade(ctx, steps)
		if err == nil {
			next, err = cur.grown(ctx, steps)
		}
		if err == nil {
			r.newest, next.since, next.after = next, r.outcome[n].order, n.Name()
			start(next, next.tellNew(cur))
			continue
		}
		var missing *graph.NoNodeError
		if ctx.Err() != nil || errors.As(err, &missing) {
			return err
		}
		if alone = true; len(steps) > 1 {
			continue // one by one, to know which it is
		}
		at := &graph.Node{Step: steps[0]}
		r.tell(at, event.Event{What: event.Failed, Text: step.Plain(err)})
		r.spoilt[at.Step] = &nodeError{at, at.Step, err}
		if !r.e.KeepGoing {
			return r.spoilt[at.Step]
		}
	}
}

// growable returns the steps that are not known yet and for which all is made that their axes look at next, or the
// first of them alone.
func (r *run) growable(alone bool) []string {
	var steps []string
	missing := func(n *graph.Node) bool { return !r.isMade(n) }
	for _, l := range r.g.Later {
		if len(l.After) > 0 && r.spoilt[l.Step] == nil && !slices.ContainsFunc(l.After, missing) {
			steps = append(steps, l.Step)
		}
		if alone && len(steps) > 0 {
			break
		}
	}
	return steps
}

// isMade reports whether the outputs of a node are made.
func (r *run) isMade(n *graph.Node) bool {
	select {
	case <-r.ready[n]:
		return r.outcome[n].err == nil && r.outcome[n].Outputs != nil
	default:
		return false
	}
}

// grown returns the state of the graph that is known when the axes of more steps may look at what was made.
func (r *run) grown(ctx context.Context, steps []string) (next *run, err error) {
	open := maps.Clone(r.open)
	defer func() {
		if err != nil {
			r.open = open
		}
	}()
	for _, step := range steps {
		r.open[step] = true
	}
	var ms recipe.Mistakes
	g, err := r.g.Grow(r.lookup(), &ms)
	if err := errors.Join(err, ms.Err()); err != nil {
		return nil, err
	}
	next = r.of(g)
	next.urgency = urgencies(g, r.history)
	if err := next.scanAll(ctx, &ms); err != nil {
		return nil, err
	}
	if ms.Err() == nil {
		next.checkParts(next.beside(r), &ms)
	}
	return next, ms.Err()
}

// lookup returns a function that looks up what was made for the axes of steps.
func (r *run) lookup() graph.Lookup {
	named := make(map[string]*graph.Node, len(r.g.Nodes))
	for _, n := range r.g.Nodes {
		named[n.Name()] = n
	}
	return func(step, node, output string) (artifacts.Tree, fs.FS, bool) {
		n := named[node]
		if n == nil || !r.open[step] || !r.isMade(n) {
			return nil, nil, false
		}
		t, ok := r.outcome[n].Outputs[output]
		return t, r.e.Store.FS(t), ok
	}
}

// beside returns the nodes that another state has not.
func (r *run) beside(old *run) []*graph.Node {
	var list []*graph.Node
	for _, n := range r.g.Nodes {
		if old.ready[n] == nil {
			list = append(list, n)
		}
	}
	return list
}

// tellNew tells observers of the nodes that another state has not, and returns them.
func (r *run) tellNew(old *run) []*graph.Node {
	nodes := r.beside(old)
	names := map[string][]string{}
	for _, n := range nodes {
		names[n.Step] = append(names[n.Step], n.Name())
	}
	for _, step := range slices.Sorted(maps.Keys(names)) {
		r.say(event.Event{What: event.Known, Step: step, Count: len(names[step]), Names: names[step]})
	}
	return nodes
}

// blockedLater adds the steps that never became known to what a run says in the end.
func (r *run) blockedLater(out *RunError) {
	for _, l := range r.g.Later {
		if err := r.spoilt[l.Step]; err != nil {
			out.Failed = append(out.Failed, err)
		} else if by := r.rootOf(l); by != "" {
			out.Blocked[by] = append(out.Blocked[by], l.Step)
		}
	}
}

// rootOf names what keeps a step from being known: a node that failed, or another step. It is "" if nothing failed.
func (r *run) rootOf(l *graph.Later) string {
	if r.spoilt[l.Step] != nil {
		return l.Step
	}
	for _, n := range l.After {
		if r.outcome[n].err != nil {
			return r.root(n).Name()
		}
	}
	for _, up := range l.Needs {
		if by := r.rootOf(up); by != "" {
			return by
		}
	}
	return ""
}

// unknown is the error of a run that ended before its graph was known, which must not happen.
func (r *run) unknown() error {
	for _, l := range r.g.Later {
		return fmt.Errorf("a bug in assay: the run ended before it knew the nodes of %s", l.Step)
	}
	return nil
}
