package main

import (
	"time"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/receipt"
	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/graph"
	"assay/engine/graph/snapshot"
	"assay/steps"
)

// A run also leaves the graph that its recipe came to, and what the nodes made. The next run of the same command line
// takes the graph over if the recipe is the same, and of the nodes what has not changed. Both are caches.

// remembered is what an earlier run of this command line left.
type remembered struct {
	key    artifacts.Digest // of the command line
	graph  *graph.Graph     // nil if there is none, or the recipe is another one
	sum    artifacts.Digest // of the snapshot of the graph
	memory *engine.Memory   // nil if there is none
}

// recall returns what an earlier run of the command line args left in the store.
func (o *options) recall(st *store.Store, args []string) *remembered {
	key, err := o.receiptKey(args)
	if err != nil {
		return &remembered{}
	}
	r := &remembered{key: key}
	g, sum, err := snapshot.Decode(receipt.Cached(st, receipt.GraphCache, key), binaryName(), steps.All())
	if err == nil && g.Recipe.File.Name == args[0] {
		r.graph, r.sum = g, sum
	}
	m, err := engine.ReadMemory(receipt.Cached(st, receipt.MemoryCache, key))
	// One full look a day, so that gc sees that the results are in use.
	if err == nil && m.Basis == receiptBasis(st) && time.Since(m.Looked) < store.UseInterval {
		r.memory = m
	}
	return r
}

// openAgain is open for a command line that may have been run before.
func (o *options) openAgain(c *cobra.Command, args []string) (*session, error) {
	st, err := o.existingStore(c, args)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return o.open(c, args)
	}
	r := o.recall(st, args)
	if r.graph == nil {
		st.Close()
		s, err := o.open(c, args)
		if s != nil {
			s.last = r
		}
		return s, err
	}
	if r.memory != nil && r.memory.Graph == r.sum {
		r.memory.About(r.graph)
	}
	return &session{file: args[0], opts: o, graph: r.graph, store: st, out: c.OutOrStdout(), err: c.ErrOrStderr(),
		last: r}, nil
}

// remember leaves the graph and what its nodes made to the next run of the command line args.
func (s *session) remember(args []string, rs *engine.Results) error {
	key, err := s.opts.receiptKey(args)
	if err != nil {
		return err
	}
	last := s.last
	if last == nil {
		last = &remembered{}
	}
	sum := last.sum
	if last.graph == nil || last.graph != s.graph {
		var text []byte
		if text, sum = snapshot.Encode(s.graph, binaryName()); text == nil {
			return nil
		}
		if err := receipt.Cache(s.store, receipt.GraphCache, key, text); err != nil {
			return err
		}
	}
	looked := time.Now()
	if last.memory != nil {
		looked = last.memory.Looked
	}
	text := engine.Remember(rs, s.graph, sum, receiptBasis(s.store), looked)
	return receipt.Cache(s.store, receipt.MemoryCache, key, text)
}
