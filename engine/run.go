// Package engine runs graphs: it names every execution by its content, runs what is not in the
// store yet, and says why.
//
// Call [Engine.Run] or [Engine.Inspect] with a graph of package graph. Read the files in this
// order: action.go (what a key is), shard.go (one node, many actions), node.go (when a node
// runs), grow.go (nodes that are known late), executor.go (where it runs), history.go and
// plan.go (what would run, and why).
package engine

import (
	"context"
	"fmt"
	"maps"
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
	Tier      Tier                   // has results of other machines; may be nil
}

// Run brings every node of g up to date. Without KeepGoing it stops at the first failure; with
// it, the error after failures is a *[RunError]. Finished work stays in the store either way.
func (e *Engine) Run(ctx context.Context, g *graph.Graph) (*Results, error) {
	r, err := e.begin(ctx, g)
	if err != nil {
		return nil, err
	}
	group, gctx := errgroup.WithContext(ctx)
	r.start(gctx, group, g.Nodes)
	err = group.Wait()
	r = r.newest
	if err := r.history.save(r); err != nil { // not an error of the run: only reasons and estimates are lost
		e.Store.Warn(fmt.Sprintf("cannot save the history of this recipe; the next run will not know its reasons and "+
			"durations: %v", err))
	}
	if err == nil {
		err = r.failures()
	}
	if err == nil {
		err = r.fetchDelivered(ctx)
	}
	if err != nil {
		return nil, err
	}
	return r.results(), nil
}

// start brings nodes up to date, each as soon as those that it needs are. Those that are known by then follow.
func (r *run) start(ctx context.Context, group *errgroup.Group, nodes []*graph.Node) {
	for _, n := range nodes {
		group.Go(func() error {
			err := r.node(ctx, n)
			r.outcome[n].err = err
			close(r.ready[n])
			switch {
			case err == nil:
				return r.grow(ctx, n, func(next *run, nodes []*graph.Node) { next.start(ctx, group, nodes) })
			case r.e.KeepGoing && ctx.Err() == nil:
				return nil
			}
			return r.outcome[r.root(n)].err // the cause, not the error of a node that it blocks
		})
	}
}

// run is the state of a Run or Inspect of a graph. A graph that has grown has a state of its own, which shares what
// is common and the outcomes of the nodes that both have. So a state never changes while nodes look at it.
type run struct {
	*common
	g       *graph.Graph
	sources map[string]*source.Source
	urgency func(*graph.Node) float64     // see urgencies
	ready   map[*graph.Node]chan struct{} // closed when the node's outcome is final
	outcome map[*graph.Node]*Outcome
	after   string // the node that made the graph grow; "" for the first one
	since   int64  // its position among the finished nodes
}

// common is what is the same however often the graph grows.
type common struct {
	e       *Engine
	history *history
	began   time.Time
	have    graph.Need // what all executions may take together
	pool    *pool
	expect  func(*graph.Node) time.Duration
	done    atomic.Int64 // how many nodes are finished
	flights singleflight.Group
	keeping chan struct{} // has an element for each result that is being stored
	kept    sync.Map      // digests of the input trees that are in the store

	remaking sync.Mutex // held while Outcome.Ran of a finished node is changed
	growth
}

// begin makes the state of a run: it scans the sources that the graph reads and loads the
// history. Mistakes in sources come back as one error.
func (e *Engine) begin(ctx context.Context, g *graph.Graph) (*run, error) {
	have := e.Executor.Capacity()
	have.Slots = slotsOf(g, have.Slots)
	r := (&run{common: &common{
		e: e, began: time.Now(), have: have, pool: newPool(have.Clone()),
		keeping: make(chan struct{}, max(1, have.CPU)),
	}}).of(g)
	r.newest, r.open, r.spoilt = r, map[string]bool{}, map[string]error{}
	var err error
	if r.history, err = loadHistory(e.Store, g.Recipe.File.Name); err != nil {
		return nil, err
	}
	r.urgency, r.expect = urgencies(g, r.history), expectations(r.history)
	var ms recipe.Mistakes
	if err := r.scanAll(ctx, &ms); err != nil {
		return nil, err
	}
	if err := ms.Err(); err != nil {
		return nil, err
	}
	r.checkParts(g.Nodes, &ms)
	return r, ms.Err()
}

// slotsOf returns how many slots there are: those of the recipe, except where the executor says
// that it has more or fewer.
func slotsOf(g *graph.Graph, has map[string]int) map[string]int {
	out := g.Slots()
	for name, n := range has {
		if _, named := out[name]; named {
			out[name] = n
		}
	}
	return out
}

// of returns the state of a graph, with the outcomes that are known of its nodes.
func (r *run) of(g *graph.Graph) *run {
	out := &run{
		common: r.common, g: g, sources: map[string]*source.Source{},
		ready:   make(map[*graph.Node]chan struct{}, len(g.Nodes)),
		outcome: make(map[*graph.Node]*Outcome, len(g.Nodes)),
	}
	maps.Copy(out.sources, r.sources)
	for _, n := range g.Nodes {
		if r.ready[n] != nil {
			out.ready[n], out.outcome[n] = r.ready[n], r.outcome[n]
		} else {
			out.ready[n], out.outcome[n] = make(chan struct{}), &Outcome{}
		}
	}
	return out
}
