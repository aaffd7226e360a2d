package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"assay/artifacts/source"
	"assay/artifacts/store"
	"assay/engine/graph"
	"assay/engine/step"
)

// do returns the result of an action, from the store if it is there. Equal
// actions are executed once, in this process and among all that use the store.
func (r *run) do(ctx context.Context, n *graph.Node, k int, a *Action) (*store.Result, bool, error) {
	ran := false
	v, err, _ := r.flights.Do(string(a.key[:]), func() (any, error) {
		if res, err := r.lookup(n, k, a); res != nil || err != nil {
			return res, err
		}
		unlock, err := r.e.Store.LockAction(ctx, a.Key())
		if err != nil {
			return nil, err
		}
		defer unlock()
		// Another process may have made it while this one waited for the lock.
		if res, err := r.lookup(n, k, a); res != nil || err != nil {
			return res, err
		}
		ran = true
		var before *store.Result
		if r.forced(n) {
			before, _ = r.e.Store.Lookup(a.Key(), false)
		}
		res, err := r.attempts(ctx, n, k, a)
		if err == nil && before != nil && !before.Same(res) {
			r.event(Event{Node: n, What: Warned, Key: a.Key(), Shard: k,
				Text: "the same action made other bytes than before: " + n.Kind.String() +
					" is not deterministic, or its version was not raised"})
		}
		return res, err
	})
	if err != nil {
		return nil, ran, r.fail(ctx, Event{Node: n, Key: a.Key(), Shard: k}, r.nameOf(n, k), err)
	}
	return v.(*store.Result), ran, nil
}

// forced reports whether a node is to be executed though its results are there.
func (r *run) forced(n *graph.Node) bool { return r.e.Force != nil && r.e.Force(n) }

// lookup returns a result that is in the store, nil if it is not or is not to
// be used.
func (r *run) lookup(n *graph.Node, k int, a *Action) (*store.Result, error) {
	if r.forced(n) {
		return nil, nil
	}
	res, err := r.e.Store.Lookup(a.Key(), r.e.Deep)
	if errors.Is(err, store.ErrMiss) {
		return nil, nil
	}
	if err == nil {
		r.event(Event{Node: n, What: Cached, Key: a.Key(), Shard: k, Notes: res.Notes})
	}
	return res, err
}

// maxBackoff bounds the wait before a failed execution is tried again.
const maxBackoff = time.Minute

// attempts executes an action, again if it fails and the step says so.
func (r *run) attempts(ctx context.Context, n *graph.Node, k int, a *Action) (*store.Result, error) {
	need := n.Limits.Need.Clamp(r.e.Have)
	wait := time.Second
	for try := 0; ; try++ {
		res, err := r.attempt(ctx, n, k, a, need)
		if err == nil || ctx.Err() != nil || try == n.Limits.Retries || errors.Is(err, source.ErrChanged) {
			return res, err
		}
		r.event(Event{Node: n, What: Retrying, Key: a.Key(), Shard: k,
			Text: fmt.Sprintf("try %d of %d failed, again in %s: %s", try+1, n.Limits.Retries+1, wait,
				step.Plain(err))})
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		wait = min(2*wait, maxBackoff)
	}
}

// attempt executes an action once its need is granted, and records what it made.
// What it needed is given back as soon as there is room among those that are
// kept, so that the machine computes while the disk writes, and never runs far
// ahead of it.
func (r *run) attempt(ctx context.Context, n *graph.Node, k int, a *Action, need graph.Need) (*store.Result, error) {
	if err := r.pool.take(ctx, need, r.path[n]); err != nil {
		return nil, err
	}
	give := sync.OnceFunc(func() { r.pool.give(need) })
	defer give()
	place, err := r.e.Store.Scratch(a.folders()...)
	if err != nil {
		return nil, err
	}
	defer place.Release()
	r.event(Event{Node: n, What: Running, Key: a.Key(), Shard: k, Why: r.why(n, k, a)})
	l := &listener{run: r, node: n, shard: k, key: a.Key()}
	began := time.Now()
	inside := step.WithShortPlace(step.WithSink(step.WithCores(ctx, need.CPU), l), place.Short)
	if err := r.execute(inside, n.Limits.Timeout, a, place.Dir); err != nil {
		return nil, err
	}
	res := &store.Result{Key: a.Key(), Text: a.Text(), Took: time.Since(began)}
	select {
	case r.keeping <- struct{}{}:
		defer func() { <-r.keeping }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	give()
	if err := r.keep(ctx, a, place.Dir, res, l); err != nil {
		return nil, err
	}
	r.event(Event{Node: n, What: Ran, Key: a.Key(), Shard: k, Notes: res.Notes, Took: res.Took})
	return res, nil
}

// execute has the executor execute an action; a limit of 0 is none.
func (r *run) execute(ctx context.Context, limit time.Duration, a *Action, place string) error {
	if limit == 0 {
		return r.e.Executor.Execute(ctx, a, place)
	}
	late := fmt.Errorf("it took longer than its timeout of %s", limit)
	limited, cancel := step.CommandsOf(ctx).WithLimit(ctx, limit, late)
	defer cancel()
	err := r.e.Executor.Execute(limited, a, place)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return context.Cause(limited)
	}
	return err
}

func (r *run) why(n *graph.Node, k int, a *Action) string {
	if r.forced(n) {
		return "forced"
	}
	return r.history.why(n, k, a)
}

// keep moves what an action put into place to the store and records the result.
// The record is written last: before it, nothing of this can be found.
func (r *run) keep(ctx context.Context, a *Action, place string, res *store.Result, l *listener) error {
	if err := errors.Join(ctx.Err(), a.unchanged()); err != nil {
		return err
	}
	for _, p := range a.Outputs {
		t, odd, err := r.e.Store.Commit(outputDir(place, p.Name), a.readFrom(place))
		if err != nil {
			return fmt.Errorf("output %s: %w", p.Name, err)
		}
		for _, text := range odd {
			l.Emit(step.Event{Warning: "output " + p.Name + ": " + text})
		}
		res.Outputs = append(res.Outputs, store.Output{Port: p.Name, Tree: t})
	}
	for _, in := range a.Inputs {
		if in.source == nil {
			continue
		}
		if err := r.keepTree(in); err != nil {
			return err
		}
	}
	res.Notes = l.notes()
	if err := r.e.Store.Record(res); err != nil {
		return fmt.Errorf("record the result: %w", err)
	}
	return nil
}

// keepTree stores the text of what a source held, so that a later run can say which
// files changed. Nodes that read the same do it once.
func (r *run) keepTree(in ActionInput) error {
	d := in.digest()
	if _, kept := r.kept.Load(d); kept {
		return nil
	}
	if err := r.e.Store.PutTree(in.Tree); err != nil {
		return err
	}
	r.kept.Store(d, true)
	return nil
}
