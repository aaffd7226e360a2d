package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"assay/artifacts"
	"assay/engine/step"
)

// do returns the result of an action, from the store if it is there. Equal
// actions are executed once, in this process and among all that use the store.
func (r *run) do(ctx context.Context, n *Node, k int, a *Action) (*artifacts.Result, bool, error) {
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
		before, _ := r.e.Store.Lookup(a.Key(), false) // there is one only if this is forced
		res, err := r.attempts(ctx, n, k, a)
		if err == nil && before != nil && !before.Same(res) {
			r.event(Event{Node: n, What: Warned, Key: a.Key(), Shard: k, Text: "the same action made other bytes than before: " + n.Kind.String() + " is not deterministic, or its version was not raised"})
		}
		return res, err
	})
	if err != nil {
		if ctx.Err() == nil {
			r.event(Event{Node: n, What: Failed, Key: a.Key(), Shard: k, Text: err.Error()})
		}
		return nil, ran, r.wrap(n, k, err)
	}
	return v.(*artifacts.Result), ran, nil
}

// lookup returns a result that is in the store, nil if it is not or is not to
// be used.
func (r *run) lookup(n *Node, k int, a *Action) (*artifacts.Result, error) {
	if r.e.Force != nil && r.e.Force(n) {
		return nil, nil
	}
	res, err := r.e.Store.Lookup(a.Key(), r.e.Deep)
	if errors.Is(err, artifacts.ErrMiss) {
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
func (r *run) attempts(ctx context.Context, n *Node, k int, a *Action) (*artifacts.Result, error) {
	need := n.Limits.Need.clamp(r.e.Have)
	wait := time.Second
	for try := 0; ; try++ {
		res, err := r.attempt(ctx, n, k, a, need)
		if err == nil || ctx.Err() != nil || try == n.Limits.Retries || errors.Is(err, artifacts.ErrChanged) {
			return res, err
		}
		r.event(Event{Node: n, What: Retrying, Key: a.Key(), Shard: k, Text: fmt.Sprintf("try %d of %d failed, again in %s: %v", try+1, n.Limits.Retries+1, wait, err)})
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		wait = min(2*wait, maxBackoff)
	}
}

// attempt executes an action once its need is granted.
func (r *run) attempt(ctx context.Context, n *Node, k int, a *Action, need Need) (*artifacts.Result, error) {
	if err := r.pool.take(ctx, need, r.path[n]); err != nil {
		return nil, err
	}
	defer r.pool.give(need)
	r.event(Event{Node: n, What: Running, Key: a.Key(), Shard: k, Why: r.why(n, k, a)})
	if t := n.Limits.Timeout; t > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, t, fmt.Errorf("it took longer than its timeout of %s", t))
		defer cancel()
	}
	res, err := r.execute(step.WithCores(ctx, need.CPU), n, k, a)
	if err != nil && context.Cause(ctx) != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, context.Cause(ctx)
	}
	return res, err
}

func (r *run) why(n *Node, k int, a *Action) string {
	if r.e.Force != nil && r.e.Force(n) {
		return "forced"
	}
	return r.history.why(n, k, a)
}

// execute runs an action in a folder of its own and records what it made. The
// record is written last: before it, nothing of this can be found.
func (r *run) execute(ctx context.Context, n *Node, k int, a *Action) (*artifacts.Result, error) {
	dir, err := r.e.Store.Scratch()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	began := time.Now()
	l := &listener{run: r, node: n, shard: k, key: a.Key()}
	if err := r.e.Executor.Execute(step.WithSink(ctx, l), a, dir); err != nil {
		return nil, err
	}
	if err := errors.Join(ctx.Err(), a.unchanged()); err != nil {
		return nil, err
	}
	res := &artifacts.Result{Key: a.Key(), Text: a.Text(), Took: time.Since(began), Notes: l.notes()}
	for _, p := range a.Outputs {
		t, err := r.e.Store.Commit(filepath.Join(dir, p.Name))
		if err != nil {
			return nil, fmt.Errorf("keep output %s: %w", p.Name, err)
		}
		res.Outputs = append(res.Outputs, artifacts.Output{Port: p.Name, Tree: t})
	}
	for _, in := range a.Inputs {
		if in.source != nil { // so that a later run can say which files changed
			if err := r.e.Store.PutTree(in.Tree); err != nil {
				return nil, err
			}
		}
	}
	if err := r.e.Store.Record(res); err != nil {
		return nil, fmt.Errorf("record the result: %w", err)
	}
	r.event(Event{Node: n, What: Ran, Key: a.Key(), Shard: k, Notes: res.Notes, Took: res.Took})
	return res, nil
}
