package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"assay/artifacts"
	"assay/engine/step"
)

// An Engine runs graphs against a store.
type Engine struct {
	Store    *artifacts.Store
	Executor Executor
	Jobs     int         // executions at once
	Deep     bool        // hash every blob before it is believed
	Observe  func(Event) // called for every change of state, by several goroutines; may be nil
}

// An Outcome is what became of a node.
type Outcome struct {
	Key     artifacts.Digest // of its action, or of the list of its actions' keys
	Outputs map[string]artifacts.Tree
	Ran     int // actions executed rather than found
	Actions int

	keys []artifacts.Digest // by shard; zero where a shard is empty
}

// Keys returns the keys of the node's actions.
func (o *Outcome) Keys() []artifacts.Digest {
	return slices.DeleteFunc(slices.Clone(o.keys), func(d artifacts.Digest) bool { return d == artifacts.Digest{} })
}

// Results are the outcomes of a run.
type Results struct {
	Graph    *Graph
	Sources  map[string]artifacts.Digest // of the files that are read
	Outcomes map[*Node]*Outcome
}

// Run brings every node of g up to date. It stops at the first failure; what
// was finished by then is kept.
func (e *Engine) Run(ctx context.Context, g *Graph) (*Results, error) {
	r, err := e.begin(ctx, g)
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, n := range g.Nodes {
		group.Go(func() error {
			if err := r.node(ctx, n); err != nil {
				return err
			}
			close(r.ready[n])
			return nil
		})
	}
	err = group.Wait()
	if err := r.history.save(r); err != nil {
		return nil, fmt.Errorf("remember what was run: %w", err)
	}
	if err != nil {
		return nil, err
	}
	return r.results(), nil
}

// run is the state of one Run or Plan.
type run struct {
	e       *Engine
	g       *Graph
	sources map[string]*artifacts.Source
	history *history
	slots   chan struct{}
	flights singleflight.Group

	ready   map[*Node]chan struct{} // closed when the node's outcome is set
	outcome map[*Node]*Outcome
}

// begin scans the sources that the graph needs and loads what is remembered.
func (e *Engine) begin(ctx context.Context, g *Graph) (*run, error) {
	r := &run{
		e: e, g: g,
		slots:   make(chan struct{}, max(1, e.Jobs)),
		sources: map[string]*artifacts.Source{},
		ready:   make(map[*Node]chan struct{}, len(g.Nodes)),
		outcome: make(map[*Node]*Outcome, len(g.Nodes)),
	}
	var err error
	if r.history, err = loadHistory(e.Store, g.Recipe.File.Name); err != nil {
		return nil, err
	}
	for _, n := range g.Nodes {
		r.ready[n] = make(chan struct{})
		r.outcome[n] = &Outcome{}
		for _, in := range n.Inputs {
			for _, f := range in.Feeds {
				if f.Node != nil || r.sources[f.Source] != nil {
					continue
				}
				if r.sources[f.Source], err = r.scan(ctx, f.Source); err != nil {
					return nil, err
				}
			}
		}
	}
	return r, nil
}

func (r *run) scan(ctx context.Context, name string) (*artifacts.Source, error) {
	for _, s := range r.g.Recipe.Sources {
		if s.Name != name {
			continue
		}
		src, err := r.e.Store.Scan(ctx, s.Path)
		if errors.Is(err, os.ErrNotExist) {
			wd, _ := os.Getwd()
			return nil, fmt.Errorf("%s: source %s: %w (paths in a recipe start from the folder assay is run in, %s)", s.Pos, name, err, wd)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: source %s: %w", s.Pos, name, err)
		}
		return src, nil
	}
	return nil, fmt.Errorf("no source %s", name)
}

// node brings one node up to date once all it needs is.
func (r *run) node(ctx context.Context, n *Node) error {
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
		}
	}
	actions, err := r.actions(n)
	if err != nil {
		return err
	}
	results := make([]*artifacts.Result, len(actions))
	out := r.outcome[n]
	out.keys = make([]artifacts.Digest, len(actions))
	ran := make([]bool, len(actions))
	r.event(Event{Node: n, What: Started, Actions: countActions(actions)})
	group, ctx := errgroup.WithContext(ctx)
	for k, a := range actions {
		if a == nil {
			continue
		}
		out.keys[k], out.Actions = a.Key(), out.Actions+1
		group.Go(func() (err error) {
			results[k], ran[k], err = r.do(ctx, n, k, a)
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
func (r *run) finish(n *Node, results []*artifacts.Result) error {
	out := r.outcome[n]
	out.Key = nodeKey(n, r.g.Recipe.Shards, out.keys)
	var err error
	if out.Outputs, err = unite(n, r.g.Recipe.Shards, results); err != nil {
		return fmt.Errorf("%s: %w", n.Name(), err)
	}
	if n.sharded(r.g.Recipe.Shards) { // single results are in the store as they are
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
func nodeKey(n *Node, shards int, keys []artifacts.Digest) artifacts.Digest {
	if !n.sharded(shards) {
		return keys[0]
	}
	var list []byte
	for k, key := range keys {
		list = fmt.Appendf(list, "%s %s\n", shardDir(k, shards), key)
	}
	return artifacts.Of(list)
}

// actions describes the executions of a node whose inputs are all known.
func (r *run) actions(n *Node) ([]*Action, error) {
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
		return nil, fmt.Errorf("%s: nothing to work on: no file of its inputs matches %s", n.Name(), patterns(n))
	}
	return actions, nil
}

func patterns(n *Node) string {
	text := ""
	for _, b := range n.Inputs {
		if b.Port.Shard {
			text += fmt.Sprintf("%s (input %s) ", b.Port.Match, b.Port.Name)
		}
	}
	return text
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

// do returns the result of an action, from the store if it is there. Equal
// actions are executed once.
func (r *run) do(ctx context.Context, n *Node, k int, a *Action) (*artifacts.Result, bool, error) {
	ran := false
	v, err, _ := r.flights.Do(string(a.key[:]), func() (any, error) {
		res, err := r.e.Store.Lookup(a.Key(), r.e.Deep)
		if err == nil {
			r.event(Event{Node: n, What: Cached, Key: a.Key(), Shard: k, Notes: res.Notes})
			return res, nil
		}
		if !errors.Is(err, artifacts.ErrMiss) {
			return nil, err
		}
		select {
		case r.slots <- struct{}{}:
			defer func() { <-r.slots }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		ran = true
		r.event(Event{Node: n, What: Running, Key: a.Key(), Shard: k, Why: r.history.why(n, k, a)})
		return r.execute(ctx, n, k, a)
	})
	if err != nil {
		if ctx.Err() == nil {
			r.event(Event{Node: n, What: Failed, Key: a.Key(), Shard: k, Text: err.Error()})
		}
		return nil, ran, r.wrap(n, k, err)
	}
	return v.(*artifacts.Result), ran, nil
}

// wrap says which node, and which shard of it, an error is of.
func (r *run) wrap(n *Node, k int, err error) error {
	if n.sharded(r.g.Recipe.Shards) {
		return fmt.Errorf("%s, %s: %w", n.Name(), shardDir(k, r.g.Recipe.Shards), err)
	}
	return fmt.Errorf("%s: %w", n.Name(), err)
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

func (r *run) results() *Results {
	out := &Results{Graph: r.g, Outcomes: r.outcome, Sources: map[string]artifacts.Digest{}}
	for name, src := range r.sources {
		out.Sources[name] = src.Tree.Filter(func(file string) bool { return r.reads(name, file) }).Digest()
	}
	return out
}

// reads reports whether any input takes a file of a source. What nothing reads
// is not what the results rest on, and is not in the lock.
func (r *run) reads(source, file string) bool {
	for _, n := range r.g.Nodes {
		for _, b := range n.Inputs {
			for _, f := range b.Feeds {
				if f.Node == nil && f.Source == source && b.Port.Takes(file) {
					return true
				}
			}
		}
	}
	return false
}

// Lock returns the lock of the results.
func (rs *Results) Lock() *artifacts.Lock {
	l := &artifacts.Lock{}
	for name, d := range rs.Sources {
		l.Sources = append(l.Sources, artifacts.LockedSource{Name: name, Digest: d})
	}
	for n, o := range rs.Outcomes {
		for port, t := range o.Outputs {
			l.Artifacts = append(l.Artifacts, artifacts.LockedArtifact{
				Name: n.Name() + "." + port, Kind: n.Kind.String(), Key: o.Key, Digest: t.Digest(),
			})
		}
	}
	return l
}
