package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"assay/artifacts/source"
	"assay/artifacts/store"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/step"
)

// An execution is an action of a node during a run.
type execution struct {
	run    *run
	node   *graph.Node
	shard  int
	action *Action
}

// name returns the name of the node, with the shard if there are several.
func (x *execution) name() string { return x.run.nameOf(x.node, x.shard) }

// do returns the result of the action, from the store if it is there, and reports whether it
// executed the action. Equal actions are executed once, in this process and among all
// processes that use the store.
func (x *execution) do(ctx context.Context) (*store.Result, bool, error) {
	ran := false
	v, err, _ := x.run.flights.Do(string(x.action.key[:]), func() (any, error) {
		if res, err := x.lookup(ctx, x.run.find); res != nil || err != nil {
			return res, err
		}
		unlock, err := x.run.e.Store.LockAction(ctx, x.action.Key())
		if err != nil {
			return nil, err
		}
		defer unlock()
		// Another process may have made the result while this one waited for the lock.
		if res, err := x.lookup(ctx, x.run.findHere); res != nil || err != nil {
			return res, err
		}
		ran = true
		return x.compared(ctx)
	})
	if err != nil {
		return nil, ran, x.run.fail(ctx, x.node, x.name(), err, x.tell)
	}
	return v.(*store.Result), ran, nil
}

// compared executes the action. If --force asked for that, it warns if the bytes differ from
// those in the store.
func (x *execution) compared(ctx context.Context) (*store.Result, error) {
	var before *store.Result
	if x.forced() {
		before, _ = x.run.e.Store.Lookup(x.action.Key(), false)
	}
	res, err := x.attempts(ctx)
	if err == nil && before != nil && !before.Same(res) {
		x.tell(event.Event{What: event.Warned, Text: "the same action made other bytes than before: " +
			x.node.Kind.String() + " is not deterministic, or its version was not raised"})
	}
	return res, err
}

// forced reports whether the node must be executed even if its results are stored.
func (x *execution) forced() bool { return x.run.e.Force != nil && x.run.e.Force(x.node) }

// lookup returns the result that find finds; nil if there is none, or if the node is forced.
func (x *execution) lookup(ctx context.Context, find finder) (*store.Result, error) {
	if x.forced() {
		return nil, nil
	}
	res, err := find(ctx, x.action.Key())
	if errors.Is(err, store.ErrMiss) {
		return nil, nil
	}
	if err == nil {
		x.tell(event.Event{What: event.Cached, Notes: res.Notes})
	}
	return res, err
}

// maxBackoff bounds the wait before a failed execution is tried again.
const maxBackoff = time.Minute

// attempts executes the action, and again after a failure as often as "retries:" says.
func (x *execution) attempts(ctx context.Context) (*store.Result, error) {
	if err := errors.Join(x.keepInputs(), x.fetchInputs(ctx)); err != nil {
		return nil, err
	}
	retries := x.node.Limits.Retries
	wait := time.Second
	for try := 0; ; try++ {
		res, err := x.attempt(ctx, try)
		if err == nil || ctx.Err() != nil || try == retries || errors.Is(err, source.ErrChanged) {
			return res, err
		}
		x.tell(event.Event{What: event.Retrying, Text: fmt.Sprintf("attempt %d of %d failed, next one in %s: %s", try+1,
			retries+1, wait, step.Plain(err))})
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		wait = min(2*wait, maxBackoff)
	}
}

// attempt waits until the pool grants what the action needs, executes it, and stores the
// result. It returns the grant before it stores the result, so that the machine computes
// while the disk writes. r.keeping bounds how many results wait for the disk.
func (x *execution) attempt(ctx context.Context, try int) (*store.Result, error) {
	r := x.run
	need := x.node.Limits.Grown(try).Clamp(r.have)
	if err := r.pool.take(ctx, need, r.urgency(x.node)); err != nil {
		return nil, err
	}
	give := sync.OnceFunc(func() { r.pool.give(need) })
	defer give()
	l := &listener{of: x}
	job := &Job{Action: x.action, Node: x.name(), Step: x.node.Step, Need: need, Limit: x.node.Limits.Timeout,
		Force: x.forced(), Resume: r.e.Store.ResumePath(x.action.Key()), Sink: l}
	if _, ok := r.e.Executor.(Recorder); ok {
		return x.elsewhere(ctx, job)
	}
	place, err := r.e.Store.Scratch(x.action.folders()...)
	if err != nil {
		return nil, err
	}
	defer place.Release()
	job.Place = place
	x.tell(event.Event{What: event.Running, Why: x.why()})
	began := time.Now()
	if err := r.e.Executor.Execute(ctx, job); err != nil {
		return nil, err
	}
	took := time.Since(began)
	select {
	case r.keeping <- struct{}{}:
		defer func() { <-r.keeping }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	give()
	res, err := job.keep(ctx, r.e.Store, took, &l.notebook)
	if err != nil {
		return nil, err
	}
	x.tell(event.Event{What: event.Ran, Notes: res.Notes, Took: res.Took.Seconds()})
	return res, nil
}

// elsewhere has the action executed by a [Recorder], and looks its result up.
func (x *execution) elsewhere(ctx context.Context, job *Job) (*store.Result, error) {
	job.Expect = x.run.expect(x.node)
	x.tell(event.Event{What: event.Running, Why: x.why()})
	if err := x.run.e.Executor.Execute(ctx, job); err != nil {
		return nil, err
	}
	res, err := x.run.e.Store.Lookup(x.action.Key(), false)
	if err != nil {
		return nil, fmt.Errorf("the job has ended well, but its result cannot be read: %w", err)
	}
	x.tell(event.Event{What: event.Ran, Notes: res.Notes, Took: res.Took.Seconds()})
	return res, nil
}

// why says why the action has to run.
func (x *execution) why() event.Reasons {
	if x.forced() {
		return event.Reasons{{What: event.Forced}}
	}
	return x.run.history.why(x.node, x.shard, x.action)
}

// keepInputs stores the texts of the trees that the action reads. An executor on another
// machine reads there which files belong to them, and a later run can say which files
// changed. Each tree is stored once per run.
func (x *execution) keepInputs() error {
	for _, in := range x.action.Inputs {
		d := in.digest()
		if _, kept := x.run.kept.Load(d); kept {
			continue
		}
		if err := x.run.e.Store.PutTree(in.Tree); err != nil {
			return err
		}
		x.run.kept.Store(d, true)
	}
	return nil
}
