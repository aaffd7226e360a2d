package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/recipe"
)

// State says whether a node will run.
type State int

// The states of a node in a plan. MayRun is the state of a node that reads what another node
// has yet to make: if the bytes turn out the same as before, the node is up to date.
const (
	UpToDate State = iota
	MayRun
	WillRun
)

// String returns the word for the state on the terminal.
func (s State) String() string { return [...]string{"up to date", "may run", "will run"}[s] }

// A Planned is one node of a plan.
type Planned struct {
	Node    *graph.Node
	State   State
	Reasons event.Reasons // why, the root causes first
	Run     int           // actions that will run, if that is known
	Actions int           // actions it has, if that is known
}

// Inspect says what Run would do, and why. It executes nothing, and stores nothing but the digests of sources. It
// also returns the outputs of the nodes that are up to date; the outcomes of the others have no outputs. The graph
// of the results has the steps in its list Later whose nodes are not known yet.
func (e *Engine) Inspect(ctx context.Context, g *graph.Graph) (*Results, []Planned, error) {
	r, err := e.begin(ctx, g)
	if err != nil {
		return nil, nil, err
	}
	known := map[*graph.Node]Planned{}
	if err := r.plan(ctx, known); err != nil {
		return nil, nil, err
	}
	for steps := r.growable(false); len(steps) > 0; steps = r.growable(false) {
		if err = r.bringMade(ctx, steps); err == nil {
			r, err = r.grown(ctx, steps)
		}
		if err == nil {
			err = r.plan(ctx, known)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	out := make([]Planned, len(r.g.Nodes))
	for i, n := range r.g.Nodes {
		out[i] = known[n]
	}
	return r.results(), out, nil
}

// plan plans the nodes that are not planned yet.
func (r *run) plan(ctx context.Context, known map[*graph.Node]Planned) (err error) {
	for _, n := range r.g.Nodes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, has := known[n]; has {
			continue
		}
		var p Planned
		if waits := unknown(n, known); len(waits) > 0 {
			p = r.planUnknown(n, waits)
		} else if p, err = r.planKnown(ctx, n); err != nil {
			return err
		}
		if known[n] = p; p.State == UpToDate {
			close(r.ready[n])
		}
	}
	return nil
}

// unknown returns the nodes that n reads from and that are not up to date.
func unknown(n *graph.Node, known map[*graph.Node]Planned) []*graph.Node {
	var out []*graph.Node
	seen := map[*graph.Node]bool{}
	for up := range n.Upstream() {
		if known[up].State != UpToDate && !seen[up] {
			out, seen[up] = append(out, up), true
		}
	}
	return out
}

// planKnown plans a node whose inputs are all in the store.
func (r *run) planKnown(ctx context.Context, n *graph.Node) (Planned, error) {
	p := Planned{Node: n}
	actions, err := r.actions(n)
	if err != nil { // show it in the plan, and go on with the other nodes
		p.State, p.Reasons = WillRun, event.Reasons{{What: event.WillFail, To: err.Error()}}
		return p, nil
	}
	results := make([]*store.Result, len(actions))
	keys := make([]artifacts.Digest, len(actions))
	for k, a := range actions {
		if a == nil {
			continue
		}
		p.Actions++
		keys[k] = a.Key()
		results[k], err = r.find(ctx, a.Key())
		switch {
		case errors.Is(err, store.ErrMiss):
			p.State = WillRun
			p.Run++
			p.Reasons = addReasons(p.Reasons, r.history.why(n, k, a))
		case err != nil:
			return p, fmt.Errorf("%s: %w", r.nameOf(n, k), err)
		}
	}
	if p.State != UpToDate {
		return p, nil
	}
	out := r.outcome[n]
	out.keys, out.Key = keys, nodeKey(n, r.g.Recipe.Shards, keys)
	out.Outputs, err = unite(n, r.g.Recipe.Shards, results)
	return p, err
}

// planUnknown plans a node that reads what the nodes in waits have yet to make.
func (r *run) planUnknown(n *graph.Node, waits []*graph.Node) Planned {
	p := Planned{Node: n, State: MayRun}
	if !r.history.knows(n) {
		p.State, p.Reasons = WillRun, event.Reasons{{What: event.NewNode}}
	} else if why := r.certain(n, waits); len(why) > 0 {
		p.State, p.Reasons = WillRun, why
	}
	names := recipe.NamesOf(waits, (*graph.Node).Name)
	p.Reasons = append(p.Reasons, event.Reason{What: event.DependsOn, Because: names})
	return p
}

// certain returns the differences between a node and its last run that do not depend on bytes
// yet to be made: parameters, version, which inputs there are, and the content of the inputs
// that are known.
func (r *run) certain(n *graph.Node, waits []*graph.Node) event.Reasons {
	unknown := map[string]bool{}
	for port, f := range n.Feeds() {
		if slices.Contains(waits, f.Node) {
			unknown[inputName(port, f.Labels, origin(port, f))] = true
		}
	}
	var why event.Reasons
	for k, a := range r.e.actions(n, r.g.Recipe.Shards, r.artifacts(n)) {
		if a == nil {
			continue
		}
		if last, _ := r.history.last(n, k); last != nil {
			why = addReasons(why, r.history.diff(n, last, a, unknown))
		}
	}
	return why
}

// maxReasons is how many different reasons a plan gives for one node.
const maxReasons = 3

// addReasons adds the reasons of one shard that are not in the list yet.
func addReasons(list, more event.Reasons) event.Reasons {
	for _, r := range more {
		text := r.String()
		same := func(old event.Reason) bool { return old.String() == text }
		if len(list) < maxReasons && !slices.ContainsFunc(list, same) {
			list = append(list, r)
		}
	}
	return list
}
