package remote

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"assay/artifacts"
	"assay/artifacts/store"
)

// Find returns the result of an action that the store lacks. Without one, the error wraps
// [store.ErrMiss]; what keeps the remote from being asked is a miss and a warning, unless Strict is set.
// The record and the lists of files are here then; the files come when [Remote.Bring] is called, and the
// record is kept by [Remote.Settle] when all of them are.
func (r *Remote) Find(ctx context.Context, key artifacts.Digest) (*store.Result, error) {
	if res, ok := r.promised.Load(key); ok {
		return res.(*store.Result), nil
	}
	err := r.reading(ctx)
	if err == nil && r.empty {
		err = r.nothing()
	}
	var res *store.Result
	if err == nil {
		res, err = r.find(ctx, key)
	}
	if err == nil {
		r.counts.found.Add(1)
		r.promised.Store(key, res)
		return res, nil
	}
	r.read(ctx, "the result of action "+key.Short(), err)
	if errors.Is(err, errBad) {
		r.damaged.Store(key, true)
	}
	if ctx.Err() != nil || r.opts.Strict && !errors.Is(err, ErrAbsent) {
		return nil, err
	}
	return nil, fmt.Errorf("%w: %w", store.ErrMiss, err)
}

// nothing is the error for a remote in which nothing lies. Where nothing can come to lie, that is worth a word.
func (r *Remote) nothing() error {
	if !r.Writable() {
		r.said.once("nothing", fmt.Sprintf("there is no store at %s (it has no %s)", r.addr.Text, formatName))
	}
	return ErrAbsent
}

// find fetches a record and the lists of its files.
func (r *Remote) find(ctx context.Context, key artifacts.Digest) (*store.Result, error) {
	text, err := r.small(ctx, r.recordKey(key), maxRecord)
	if err != nil {
		return nil, err
	}
	rec, err := artifacts.ParseRecord(key, text)
	if err == nil {
		err = checkPorts(rec)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBad, err)
	}
	res := &store.Result{Key: key, Text: rec.Text, Took: rec.Took, Notes: rec.Notes}
	for _, o := range rec.Outputs {
		t, err := r.tree(ctx, o.Tree)
		if err != nil {
			if errors.Is(err, ErrAbsent) { // what a record names has to be there
				err = fmt.Errorf("%w: it lacks a list of files", errBad)
			}
			return nil, fmt.Errorf("output %s: %w", o.Name, err)
		}
		res.Outputs = append(res.Outputs, store.Output{Port: o.Name, Tree: t})
	}
	return res, nil
}

// checkPorts refuses a record whose outputs are not those of its action. The action is
// what the key names, so it is right.
func checkPorts(rec *artifacts.Record) error {
	a, err := artifacts.ParseAction(rec.Text)
	if err != nil {
		return err
	}
	var names []string
	for _, o := range rec.Outputs {
		names = append(names, o.Name)
	}
	if !slices.Equal(names, a.Outputs) {
		return fmt.Errorf("the record has the outputs %.200q, and its action %.200q", names, a.Outputs)
	}
	return nil
}

// tree returns a tree, and fetches its text if the store lacks it.
func (r *Remote) tree(ctx context.Context, d artifacts.Digest) (artifacts.Tree, error) {
	if !r.store.Whole(d, false) {
		if err := r.blob(ctx, d, min(artifacts.MaxTreeText, r.room())); err != nil {
			return nil, err
		}
	}
	t, err := r.store.ReadTree(d)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBad, err)
	}
	return t, nil
}

// Bring fetches the files of trees that the store lacks. It goes on after a failure, so
// that as little as possible has to be made again, and returns the first one.
func (r *Remote) Bring(ctx context.Context, trees ...artifacts.Tree) error {
	var first error
	var mu sync.Mutex
	group := &errgroup.Group{}
	group.SetLimit(connections)
	for _, t := range trees {
		for _, d := range r.store.Lacks(t) {
			group.Go(func() error {
				err := r.bringOne(ctx, d)
				mu.Lock()
				defer mu.Unlock()
				if first == nil {
					first = err
				}
				return nil
			})
		}
	}
	group.Wait()
	return first
}

func (r *Remote) bringOne(ctx context.Context, d artifacts.Digest) error {
	err := r.reading(ctx)
	if err == nil {
		err = r.blob(ctx, d, r.room())
	}
	if errors.Is(err, ErrAbsent) { // a record named it
		r.damaged.Store(d, true)
		r.said.say(fmt.Sprintf("the remote lacks file %s, which a record there names", d.Short()))
	}
	if errors.Is(err, errBad) {
		r.said.say(fmt.Sprintf("file %s in the remote is damaged: %v", d.Short(), err))
	} else {
		r.read(ctx, "file "+d.Short(), err)
	}
	if err != nil {
		return fmt.Errorf("file %s: %w", d.Short(), err)
	}
	return nil
}

// Settle records the results that were found in the remote and whose files are all here by now.
func (r *Remote) Settle() error {
	var errs []error
	r.promised.Range(func(key, res any) bool {
		if found := res.(*store.Result); r.isWhole(found) {
			errs = append(errs, r.store.PutResult(found))
			r.promised.Delete(key)
		}
		return true
	})
	return errors.Join(errs...)
}

func (r *Remote) isWhole(res *store.Result) bool {
	for _, o := range res.Outputs {
		if len(r.store.Lacks(o.Tree)) > 0 {
			return false
		}
	}
	return true
}
