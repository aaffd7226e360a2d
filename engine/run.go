// Package engine runs graphs: it names every execution by its content, runs what is not in the
// store yet, and says why.
//
// Call [Engine.Run] or [Engine.Plan] with a graph of package graph. Read the files in this
// order: action.go (what a key is), shard.go (one node, many actions), node.go (when a node
// runs), executor.go (where it runs), history.go and plan.go (what would run, and why).
package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"assay/artifacts"
	"assay/artifacts/source"
	"assay/artifacts/store"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// An Engine runs graphs against a store.
type Engine struct {
	Store     *store.Store
	Executor  Executor
	Deep      bool                   // hash every blob of a stored result before using it
	KeepGoing bool                   // after a failure, run the nodes that do not need the failed one
	Force     func(*graph.Node) bool // nodes to execute even if their results are stored; may be nil
	Memory    *Memory                // what an earlier run made; nil if nothing is remembered
	Observers []event.Observer       // receive every event of a run
}

// An Outcome is the outcome of a node: what it made, or why it failed.
type Outcome struct {
	Key     artifacts.Digest // of its action, or of the list of its actions' keys
	Outputs map[string]artifacts.Tree
	Ran     int // how many of its actions were executed, not found in the store
	Actions int // how many actions it has

	keys    []artifacts.Digest    // by shard; zero where a shard is empty
	known   []artifacts.NamedTree // the digests of outputs, if the memory has them
	settled bool                  // taken over from the memory, before all others
	order   int64                 // its position among the finished nodes, from 1
	err     error                 // why there are no outputs
}

// Keys returns the keys of the node's actions.
func (o *Outcome) Keys() []artifacts.Digest {
	return slices.DeleteFunc(slices.Clone(o.keys), func(d artifacts.Digest) bool { return d == artifacts.Digest{} })
}

// Digest returns the digest of an output.
func (o *Outcome) Digest(port string) artifacts.Digest {
	for _, out := range o.known {
		if out.Name == port {
			return out.Tree
		}
	}
	return o.Outputs[port].Digest()
}

// Results are the outcomes of a run, and the sources that it read.
type Results struct {
	Graph    *graph.Graph
	Sources  map[string]artifacts.Digest // of the files of each source that a step reads, by its name
	Roots    map[string]artifacts.Digest // of all files of each source, by its absolute path
	Outcomes map[*graph.Node]*Outcome

	whole map[string]artifacts.Digest // of all files of each source, by its name
	lock  []byte                      // its text; nil until somebody asks
}

// Run brings every node of g up to date. Without KeepGoing it stops at the first failure; with
// it, the error after failures is a *[RunError]. Finished work stays in the store either way.
func (e *Engine) Run(ctx context.Context, g *graph.Graph) (*Results, error) {
	r, err := e.begin(ctx, g)
	if err != nil {
		return nil, err
	}
	r.settle()
	r.wait()
	group, ctx := errgroup.WithContext(ctx)
	for _, n := range g.Nodes {
		if r.outcome[n].settled {
			continue
		}
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
	e         *Engine
	g         *graph.Graph
	sources   map[string]*source.Source
	unchanged map[string]bool // the sources that are as the memory says
	history   *history
	began     time.Time
	have      graph.Need // what all executions may take together
	pool      *pool
	urgency   func(*graph.Node) float64 // see urgencies
	done      atomic.Int64              // how many nodes are finished
	flights   singleflight.Group
	keeping   chan struct{} // has an element for each result that is being stored

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
		sources: map[string]*source.Source{}, unchanged: map[string]bool{},
		outcome: make(map[*graph.Node]*Outcome, len(g.Nodes)),
	}
	var err error
	if r.history, err = loadHistory(e.Store, g.Recipe.File.Name); err != nil {
		return nil, err
	}
	r.urgency = urgencies(r)
	var ms recipe.Mistakes
	outcomes := make([]Outcome, len(g.Nodes))
	for i, n := range g.Nodes {
		r.outcome[n] = &outcomes[i]
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

// maxEmpty is how many parts without files are named: nearest names take time.
const maxEmpty = 50

// checkParts adds a mistake for every part of a source that has no files.
func (r *run) checkParts(ms *recipe.Mistakes) {
	for _, n := range r.g.Nodes {
		if ms.Added() >= maxEmpty {
			return
		}
		for _, f := range n.Feeds() {
			if f.Node != nil || f.Part == nil {
				continue
			}
			if msg, hint := f.Part.Missing(f.Source, r.sources[f.Source].Tree); msg != "" {
				ms.Add(f.Part.Pos, hint, "%s: %s", n.Name(), msg)
			}
		}
	}
}

// scan lists and hashes the files of a source. If that fails, it adds a mistake at the place
// where the recipe names the source, and returns nil.
func (r *run) scan(ctx context.Context, name string, ms *recipe.Mistakes) (*source.Source, error) {
	for _, s := range r.g.Recipe.Sources {
		if s.Name != name {
			continue
		}
		src, err := r.e.Store.Scan(ctx, s.Path)
		switch {
		case err == nil:
			return src, nil
		case ctx.Err() != nil:
			return nil, err
		}
		hint := ""
		if errors.Is(err, os.ErrNotExist) {
			wd, _ := os.Getwd()
			hint = "paths in a recipe are relative to the folder that assay runs in, " + wd
		}
		ms.Add(s.Pos, hint, "source %s: %s", name, step.Plain(err))
		return nil, nil
	}
	return nil, fmt.Errorf("no source %s", name)
}

// results returns the results. The digest of a source leaves out files that no port takes: the
// results do not depend on them, so they are not in the lock.
func (r *run) results() *Results {
	out := &Results{Graph: r.g, Outcomes: r.outcome, Sources: map[string]artifacts.Digest{},
		Roots: map[string]artifacts.Digest{}, whole: map[string]artifacts.Digest{}}
	trees := make(map[string]artifacts.Tree, len(r.sources))
	for name, src := range r.sources {
		out.Roots[src.Root], out.whole[name] = src.Digest(), src.Digest()
		trees[name] = src.Tree
	}
	for name, taken := range r.g.Taken(trees) { // a source that is not in it is only looked at by an axis
		if out.Sources[name] = r.sources[name].Digest(); len(taken) < len(trees[name]) {
			out.Sources[name] = taken.Digest()
		}
	}
	return out
}

// Lock returns the lock of the results.
func (rs *Results) Lock() *artifacts.Lock {
	l := &artifacts.Lock{Artifacts: make([]artifacts.LockedArtifact, 0, len(rs.Graph.Nodes))}
	for name, d := range rs.Sources {
		l.Sources = append(l.Sources, artifacts.LockedSource{Name: name, Digest: d})
	}
	for _, n := range rs.Graph.Nodes {
		o := rs.Outcomes[n]
		for port := range o.Outputs {
			l.Artifacts = append(l.Artifacts, artifacts.LockedArtifact{
				Name: n.Name() + "." + port, Kind: n.Kind.String(), Key: o.Key, Digest: o.Digest(port),
			})
		}
	}
	return l
}

// LockText returns the text of the lock. It is made once, and nobody may change it.
func (rs *Results) LockText() []byte {
	if rs.lock == nil {
		rs.lock = rs.Lock().Text()
	}
	return rs.lock
}
