package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/sync/errgroup"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine/graph"
)

// A Tier has results that other machines made. What a node made may lie there alone: its files
// come when an execution reads them.
type Tier interface {
	// Find returns the result of an action. Its files need not be in the store yet. Without a
	// result, the error wraps [store.ErrMiss].
	Find(ctx context.Context, key artifacts.Digest) (*store.Result, error)
	// Bring fetches the files of trees that the store lacks, as many as it can get.
	Bring(ctx context.Context, trees ...artifacts.Tree) error
}

// A finder finds the result of an action; the error wraps [store.ErrMiss] if there is none.
type finder func(context.Context, artifacts.Digest) (*store.Result, error)

// findHere is a finder that looks into the store.
func (r *run) findHere(_ context.Context, key artifacts.Digest) (*store.Result, error) {
	return r.e.Store.Lookup(key, r.e.Deep)
}

// find returns the result of an action from the store, or else from the tier; the error wraps
// [store.ErrMiss] if neither has it. With Deep, all its files come at once and are hashed.
func (r *run) find(ctx context.Context, key artifacts.Digest) (*store.Result, error) {
	res, err := r.findHere(ctx, key)
	if r.e.Tier == nil || !errors.Is(err, store.ErrMiss) {
		return res, err
	}
	if res, err = r.e.Tier.Find(ctx, key); err != nil || !r.e.Deep {
		return res, err
	}
	for _, o := range res.Outputs {
		err := r.e.Tier.Bring(ctx, o.Tree)
		for _, f := range o.Tree {
			if err == nil && !r.e.Store.Whole(f.Digest, true) { // it was here before, and was not hashed then
				err = fmt.Errorf("file %s of output %s is damaged", f.Name, o.Port)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", store.ErrMiss, err)
		}
	}
	return res, nil
}

// fetchInputs brings the files that the action reads and that only the tier has. Nodes whose files
// cannot be had from there execute here, as if the tier had nothing of them.
func (x *execution) fetchInputs(ctx context.Context) error {
	if x.run.e.Tier == nil {
		return nil
	}
	var trees []artifacts.Tree
	for _, in := range x.action.Inputs {
		if in.source == nil {
			trees = append(trees, in.Tree)
		}
	}
	return x.run.fetch(ctx, trees, x.node.Upstream())
}

// fetch brings trees that the nodes from made.
func (r *run) fetch(ctx context.Context, trees []artifacts.Tree, from iter.Seq[*graph.Node]) error {
	err := r.e.Tier.Bring(ctx, trees...)
	if err == nil || ctx.Err() != nil {
		return err
	}
	seen := map[*graph.Node]bool{}
	for n := range from {
		if !seen[n] {
			if err := r.remake(ctx, n); err != nil {
				return fmt.Errorf("%s has to be made again, since the remote lost it: %w", n.Name(), err)
			}
		}
		seen[n] = true
	}
	for _, t := range trees {
		if len(r.e.Store.Lacks(t)) > 0 {
			return fmt.Errorf("what the remote lost was made again and is not the same: its kind is not deterministic, or the "+
				"remote has results of another version; leave the remote out (%w)", err)
		}
	}
	return nil
}

// remake executes the actions of a finished node whose files are not all here.
func (r *run) remake(ctx context.Context, n *graph.Node) error {
	actions, err := r.actions(n)
	if err != nil {
		return err
	}
	group, gctx := errgroup.WithContext(ctx)
	for k, a := range actions {
		if a == nil || r.isHere(r.outcome[n].results[k]) {
			continue
		}
		x := &execution{r, n, k, a}
		group.Go(func() error { return x.again(gctx) })
	}
	return group.Wait()
}

func (r *run) isHere(res *store.Result) bool {
	for _, o := range res.Outputs {
		if len(r.e.Store.Lacks(o.Tree)) > 0 {
			return false
		}
	}
	return true
}

// again executes an action whose result the tier had, unless another process has done it.
func (x *execution) again(ctx context.Context) error {
	r := x.run
	_, err, _ := r.flights.Do("again "+string(x.action.key[:]), func() (any, error) {
		unlock, err := r.e.Store.LockAction(ctx, x.action.Key())
		if err != nil {
			return nil, err
		}
		defer unlock()
		if _, err := r.e.Store.Lookup(x.action.Key(), false); !errors.Is(err, store.ErrMiss) {
			return nil, err
		}
		r.remaking.Lock()
		r.outcome[x.node].Ran++
		r.remaking.Unlock()
		return x.attempts(ctx)
	})
	if err != nil {
		return r.fail(ctx, x.node, x.name(), err, x.tell)
	}
	return nil
}

// fetchDelivered brings the files of artifacts that are put outside the store.
func (r *run) fetchDelivered(ctx context.Context) error {
	if r.e.Tier == nil {
		return nil
	}
	for _, d := range r.g.Recipe.Deliveries {
		for _, n := range r.g.Nodes {
			if n.Step != d.Ref.Step {
				continue
			}
			err := r.fetch(ctx, []artifacts.Tree{r.outcome[n].Outputs[d.Ref.Port]}, slices.Values([]*graph.Node{n}))
			if err != nil {
				return fmt.Errorf("%s: %w", n.Name(), err)
			}
		}
	}
	return nil
}

// made lists what the axes of a step look at next.
func (r *run) made(l *graph.Later) (trees []artifacts.Tree) {
	for _, n := range l.After {
		for _, t := range r.outcome[n].Outputs {
			trees = append(trees, t)
		}
	}
	return trees
}

// fetchMade brings what the axes of some steps look at next.
func (r *run) fetchMade(ctx context.Context, steps []string) error {
	return r.eachOf(steps, func(l *graph.Later) error { return r.fetch(ctx, r.made(l), slices.Values(l.After)) })
}

// bringMade is fetchMade that executes nothing.
func (r *run) bringMade(ctx context.Context, steps []string) error {
	return r.eachOf(steps, func(l *graph.Later) error { return r.e.Tier.Bring(ctx, r.made(l)...) })
}

// eachOf calls f with the steps of these names that are not known yet, if there is a tier.
func (r *run) eachOf(steps []string, f func(*graph.Later) error) error {
	if r.e.Tier == nil {
		return nil
	}
	for _, l := range r.g.Later {
		if !slices.Contains(steps, l.Step) {
			continue
		}
		if err := f(l); err != nil {
			return err
		}
	}
	return nil
}
