package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/step"
)

// node brings a node up to date as soon as the nodes that it needs are. It is the one place
// that adds the node's name to an error and reports it.
func (r *run) node(ctx context.Context, n *graph.Node) error {
	err := r.bring(ctx, n)
	var blocked *blockedError
	var reported *nodeError
	switch {
	case err == nil || errors.As(err, &reported):
		return err
	case errors.As(err, &blocked):
		r.tell(n, event.Event{What: event.Blocked, Text: err.Error()})
		return err
	}
	return r.fail(ctx, n, n.Name(), err, func(ev event.Event) { r.tell(n, ev) })
}

// fail reports, by tell, that a node or one of its actions failed, and returns the error with
// the name of what failed. It reports nothing if the run was stopped: then nothing failed.
func (r *run) fail(ctx context.Context, n *graph.Node, what string, err error, tell func(event.Event)) error {
	if ctx.Err() == nil {
		tell(event.Event{What: event.Failed, Text: step.Plain(err)})
	}
	return &nodeError{n, what, err}
}

// await waits for the nodes that n reads from, and returns the name of the one that finished
// last, which may be the one that made n known. If one of them failed or was skipped, the error is a *blockedError.
func (r *run) await(ctx context.Context, n *graph.Node) (string, error) {
	newest, last := r.since, r.after
	for up := range n.Upstream() {
		select {
		case <-r.ready[up]:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		out := r.outcome[up]
		if out.err != nil {
			var blocked *blockedError
			return "", &blockedError{up, errors.As(out.err, &blocked)}
		}
		if out.order > newest {
			newest, last = out.order, up.Name()
		}
	}
	return last, nil
}

// bring does the work of node: it waits, describes the actions, and finds or executes each.
func (r *run) bring(ctx context.Context, n *graph.Node) error {
	last, err := r.await(ctx, n)
	if err != nil {
		return err
	}
	actions, err := r.actions(n)
	if err != nil {
		return err
	}
	out := r.outcome[n]
	out.Actions = countActions(actions)
	r.tell(n, event.Event{What: event.Started, Actions: out.Actions, After: last})
	results, err := r.doAll(ctx, n, actions)
	if err != nil {
		return err
	}
	if err := r.finish(n, results); err != nil {
		return err
	}
	out.order = r.done.Add(1)
	r.tell(n, event.Event{What: event.Finished, Ran: out.Ran, Actions: out.Actions})
	return nil
}

// doAll returns the results of a node's actions, by shard.
func (r *run) doAll(ctx context.Context, n *graph.Node, actions []*Action) ([]*store.Result, error) {
	out := r.outcome[n]
	out.keys = make([]artifacts.Digest, len(actions))
	results := make([]*store.Result, len(actions))
	ran := make([]bool, len(actions))
	group, ctx := errgroup.WithContext(ctx)
	for k, a := range actions {
		if a == nil {
			continue
		}
		out.keys[k] = a.Key()
		x := &execution{r, n, k, a}
		group.Go(func() (err error) {
			results[k], ran[k], err = x.do(ctx)
			return err
		})
	}
	err := group.Wait()
	out.results = results
	for _, b := range ran {
		if b {
			out.Ran++
		}
	}
	return results, err
}

// finish sets the outcome of a node from the results of its actions.
func (r *run) finish(n *graph.Node, results []*store.Result) error {
	out := r.outcome[n]
	out.Key = nodeKey(n, r.g.Recipe.Shards, out.keys)
	var err error
	if out.Outputs, err = unite(n, r.g.Recipe.Shards, results); err != nil {
		return err
	}
	if n.Sharded(r.g.Recipe.Shards) { // otherwise the trees are those of the one result
		for _, t := range out.Outputs {
			if err := r.e.Store.PutTree(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// nodeKey returns the key of a node: that of its action, or the digest of the list of its
// shards' keys.
func nodeKey(n *graph.Node, shards int, keys []artifacts.Digest) artifacts.Digest {
	if !n.Sharded(shards) {
		return keys[0]
	}
	var list []byte
	for k, key := range keys {
		list = fmt.Appendf(list, "%s %s\n", artifacts.ShardDir(k, shards), key)
	}
	return artifacts.Of(list)
}

// artifacts returns what each input of a node reads. An artifact that is not made yet has an
// empty tree.
func (r *run) artifacts(n *graph.Node) [][]artifact {
	in := make([][]artifact, len(n.Inputs))
	for i, b := range n.Inputs {
		for _, f := range b.Feeds {
			a := artifact{labels: f.Labels, from: origin(b.Port, f)}
			if f.Node != nil {
				a.tree = r.outcome[f.Node].Outputs[f.Output]
			} else {
				a.source = r.sources[f.Source]
				a.tree = a.source.Tree
			}
			a.tree = f.Part.Of(a.tree)
			in[i] = append(in[i], a)
		}
	}
	return in
}

// actions describes the executions of a node. All its inputs must be made.
func (r *run) actions(n *graph.Node) ([]*Action, error) {
	for _, f := range n.Feeds() {
		if f.Node == nil || f.Part == nil {
			continue // sources were checked at the beginning
		}
		if msg, hint := f.Part.Missing(f.Node.Name()+"."+f.Output, r.outcome[f.Node].Outputs[f.Output]); msg != "" {
			return nil, fmt.Errorf("%s (%s)", msg, hint)
		}
	}
	actions := r.e.actions(n, r.g.Recipe.Shards, r.artifacts(n))
	if countActions(actions) == 0 {
		return nil, fmt.Errorf("nothing to work on: no file of its inputs matches %s", patterns(n))
	}
	return actions, nil
}

// patterns names the files that the sharded inputs of a node take.
func patterns(n *graph.Node) string {
	var list []string
	for _, b := range n.Inputs {
		if b.Port.Shard {
			list = append(list, fmt.Sprintf("%s (input %s)", strings.ReplaceAll(cmp.Or(b.Port.Match, "*"), "|", " or "),
				b.Port.Name))
		}
	}
	return strings.Join(list, " or ")
}

func countActions(list []*Action) int {
	c := 0
	for _, a := range list {
		if a != nil {
			c++
		}
	}
	return c
}
