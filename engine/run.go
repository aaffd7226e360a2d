// Package engine runs graphs: it names every execution by its content, runs what is not in the
// store yet, and says why.
//
// Call [Engine.Run] or [Engine.Plan] with a graph of package graph. Read the files in this
// order: action.go (what a key is), shard.go (one node, many actions), node.go (when a node
// runs), executor.go (where it runs), history.go and plan.go (what would run, and why).
package engine

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"assay/artifacts/source"
	"assay/artifacts/store"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/recipe"
)

// An Engine runs graphs against a store.
type Engine struct {
	Store     *store.Store
	Executor  Executor
	Deep      bool                   // hash every blob of a stored result before using it
	KeepGoing bool                   // after a failure, run the nodes that do not need the failed one
	Force     func(*graph.Node) bool // nodes to execute even if their results are stored; may be nil
	Observers []event.Observer       // receive every event of a run
}

// Run brings every node of g up to date. Without KeepGoing it stops at the first failure; with
// it, the error after failures is a *[RunError]. Finished work stays in the store either way.
func (e *Engine) Run(ctx context.Context, g *graph.Graph) (*Results, error) {
	r, err := e.begin(ctx, g)
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, n := range g.Nodes {
		group.Go(func() error {
			defer close(r.ready[n])
			r.outcome[n].err = r.node(ctx, n)
			if e.KeepGoing && ctx.Err() == nil {
				return nil
			}
			return r.outcome[r.root(n)].err // the cause, not the error of a node that it blocks
		})
	}
	err = group.Wait()
	if err := r.history.save(r); err != nil { // not an error of the run: only reasons and estimates are lost
		e.Store.Warn(fmt.Sprintf("cannot save the history of this recipe; the next run will not know its reasons and "+
			"durations: %v", err))
	}
	if err == nil {
		err = r.failures()
	}
	if err != nil {
		return nil, err
	}
	return r.results(), nil
}

// run is the state of one Run or Plan.
type run struct {
	e       *Engine
	g       *graph.Graph
	sources map[string]*source.Source
	history *history
	began   time.Time
	have    graph.Need // what all executions may take together
	pool    *pool
	urgency func(*graph.Node) float64 // see urgencies
	done    atomic.Int64              // how many nodes are finished
	flights singleflight.Group
	keeping chan struct{} // has an element for each result that is being stored

	kept sync.Map // digests of the input trees that are in the store

	ready   map[*graph.Node]chan struct{} // closed when the node's outcome is final
	outcome map[*graph.Node]*Outcome
}

// begin makes the state of a run: it scans the sources that the graph reads and loads the
// history. Mistakes in sources come back as one error.
func (e *Engine) begin(ctx context.Context, g *graph.Graph) (*run, error) {
	have := e.Executor.Capacity()
	have.Slots = g.Slots()
	r := &run{
		e: e, g: g, began: time.Now(), have: have,
		pool:    newPool(have.Clone()),
		keeping: make(chan struct{}, max(1, have.CPU)),
		sources: map[string]*source.Source{},
		ready:   make(map[*graph.Node]chan struct{}, len(g.Nodes)),
		outcome: make(map[*graph.Node]*Outcome, len(g.Nodes)),
	}
	var err error
	if r.history, err = loadHistory(e.Store, g.Recipe.File.Name); err != nil {
		return nil, err
	}
	r.urgency = urgencies(g, r.history)
	var ms recipe.Mistakes
	for _, n := range g.Nodes {
		r.ready[n] = make(chan struct{})
		r.outcome[n] = &Outcome{}
		for _, f := range n.Feeds() {
			if _, seen := r.sources[f.Source]; seen || f.Node != nil {
				continue
			}
			if r.sources[f.Source], err = r.scan(ctx, f.Source, &ms); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range g.Data() {
		if _, seen := r.sources[name]; !seen {
			if r.sources[name], err = r.scan(ctx, name, &ms); err != nil {
				return nil, err
			}
		}
		if src := r.sources[name]; src != nil {
			if err := g.CheckData(name, src.Tree); err != nil {
				return nil, err
			}
		}
	}
	if err := ms.Err(); err != nil {
		return nil, err
	}
	r.checkParts(&ms)
	return r, ms.Err()
}
