package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine/graph"
	"assay/engine/step"
)

// node brings one node up to date once all it needs is. It is the one place that
// says which node an error is of, and that tells of it.
func (r *run) node(ctx context.Context, n *graph.Node) error {
	err := r.bring(ctx, n)
	var blocked *blockedError
	var told *nodeError
	switch {
	case err == nil || errors.As(err, &told):
		return err
	case errors.As(err, &blocked):
		r.event(Event{Node: n, What: Blocked, Text: err.Error()})
		return err
	}
	return r.fail(ctx, Event{Node: n}, n.Name(), err)
}

// fail tells that a node, or the action of it that at names, failed, and returns
// the error with the name of what failed. That a run was given up is no failure.
func (r *run) fail(ctx context.Context, at Event, what string, err error) error {
	if ctx.Err() == nil {
		at.What, at.Text = Failed, step.Plain(err)
		r.event(at)
	}
	return &nodeError{at.Node, what, err}
}

// await waits for the nodes that n reads from. If one of them failed, or was
// blocked itself, the error is a *blockedError.
func (r *run) await(ctx context.Context, n *graph.Node) error {
	for _, b := range n.Inputs {
		for _, f := range b.Feeds {
			if f.Node == nil {
				continue
			}
			select {
			case <-r.ready[f.Node]:
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := r.outcome[f.Node].err; err != nil {
				var blocked *blockedError
				return &blockedError{f.Node, errors.As(err, &blocked)}
			}
		}
	}
	return nil
}

// bring does the work of node.
func (r *run) bring(ctx context.Context, n *graph.Node) error {
	if err := r.await(ctx, n); err != nil {
		return err
	}
	actions, err := r.actions(n)
	if err != nil {
		return err
	}
	results := make([]*store.Result, len(actions))
	out := r.outcome[n]
	out.keys = make([]artifacts.Digest, len(actions))
	out.took = make([]time.Duration, len(actions))
	ran := make([]bool, len(actions))
	r.event(Event{Node: n, What: Started, Actions: countActions(actions)})
	group, ctx := errgroup.WithContext(ctx)
	for k, a := range actions {
		if a == nil {
			continue
		}
		out.keys[k], out.Actions = a.Key(), out.Actions+1
		group.Go(func() (err error) {
			if results[k], ran[k], err = r.do(ctx, n, k, a); err == nil {
				out.took[k] = results[k].Took
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, b := range ran {
		if b {
			out.Ran++
		}
	}
	if err := r.finish(n, results); err != nil {
		return err
	}
	r.event(Event{Node: n, What: Finished, Ran: out.Ran, Actions: out.Actions})
	return nil
}

// finish sets the outcome of a node from the results of its actions.
func (r *run) finish(n *graph.Node, results []*store.Result) error {
	out := r.outcome[n]
	out.Key = nodeKey(n, r.g.Recipe.Shards, out.keys)
	var err error
	if out.Outputs, err = unite(n, r.g.Recipe.Shards, results); err != nil {
		return err
	}
	if n.Sharded(r.g.Recipe.Shards) { // single results are in the store as they are
		for _, t := range out.Outputs {
			if err := r.e.Store.PutTree(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// nodeKey names what a node does: its action's key, or the digest of its
// shards' keys as a list.
func nodeKey(n *graph.Node, shards int, keys []artifacts.Digest) artifacts.Digest {
	if !n.Sharded(shards) {
		return keys[0]
	}
	var list []byte
	for k, key := range keys {
		list = fmt.Appendf(list, "%s %s\n", shardDir(k, shards), key)
	}
	return artifacts.Of(list)
}

// actions describes the executions of a node whose inputs are all known.
func (r *run) actions(n *graph.Node) ([]*Action, error) {
	in := make([][]artifact, len(n.Inputs))
	for i, b := range n.Inputs {
		for _, f := range b.Feeds {
			a := artifact{labels: f.Labels}
			if f.Node != nil {
				a.tree = r.outcome[f.Node].Outputs[f.Output]
			} else {
				a.source = r.sources[f.Source]
				a.tree = a.source.Tree
			}
			in[i] = append(in[i], a)
		}
	}
	actions := r.e.actions(n, r.g.Recipe.Shards, in)
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
