package main

import (
	"encoding/json"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/pack"
	"assay/artifacts/receipt"
	"assay/artifacts/remote"
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
	busy   func()           // to be called when a step runs in this process; may be nil
}

// maxRelaxed is up to how many bytes of caches garbage is left alone: a run comes to some thirty times that.
const maxRelaxed = 4 << 20

// relax lets garbage be until a step needs memory of this process. A run that takes over nearly everything would
// spend a fifth of its time on looking for garbage that is hardly there. An own GOGC is heeded.
func (r *remembered) relax(bytes int) {
	if bytes == 0 || bytes > maxRelaxed || os.Getenv("GOGC") != "" {
		return
	}
	old := debug.SetGCPercent(400)
	r.busy = sync.OnceFunc(func() { debug.SetGCPercent(old) })
}

// computes reports whether a step of a graph may run in this process, and is no command.
func computes(g *graph.Graph) bool {
	return slices.ContainsFunc(g.Nodes, func(n *graph.Node) bool { return !n.Kind.Open })
}

// recall returns what an earlier run of the command line args left in the store.
func (o *options) recall(st *store.Store, args []string) *remembered {
	key, err := o.receiptKey(args)
	if err != nil {
		return &remembered{}
	}
	r := &remembered{key: key}
	kept, made := receipt.Cached(st, receipt.GraphCache, key), receipt.Cached(st, receipt.MemoryCache, key)
	r.relax(len(kept) + len(made))
	g, sum, err := snapshot.Decode(kept, binaryName(), steps.All())
	settings := receipt.CachePath(st, receipt.SettingsCache, sum)
	if _, gone := os.Stat(settings); err == nil && gone == nil && g.Recipe.File.Name == args[0] {
		if _, err := g.Select(args[1:]); err == nil { // else the recipe knows what was meant
			st.MarkUsed(settings)
			r.graph, r.sum = g, sum
		}
	}
	m, err := engine.ReadMemory(made)
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
	far, err := o.openRemote(st, remote.Options{Strict: o.strict})
	if err != nil {
		st.Close()
		return nil, err
	}
	return &session{file: args[0], opts: o, graph: r.graph, store: st, remote: far, out: c.OutOrStdout(),
		err: c.ErrOrStderr(), last: r}, nil
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
		if sum, err = s.rememberGraph(key); err != nil || sum == (artifacts.Digest{}) {
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

// rememberGraph leaves the graph and the settings of the recipe, instead of those that were there. It returns the sum
// of the snapshot, zero if there can be none.
func (s *session) rememberGraph(key artifacts.Digest) (sum artifacts.Digest, err error) {
	text, sum := snapshot.Encode(s.graph, binaryName())
	if text == nil {
		return artifacts.Digest{}, nil
	}
	settings, err := json.Marshal(s.graph.Recipe.Settings)
	if err != nil {
		return sum, err
	}
	// The settings are named by the graph, so whoever finds both finds two that belong together.
	if err := receipt.Cache(s.store, receipt.SettingsCache, sum, settings); err != nil {
		return sum, err
	}
	old := pack.SumOf(receipt.Cached(s.store, receipt.GraphCache, key))
	if old != sum {
		os.Remove(receipt.CachePath(s.store, receipt.SettingsCache, old))
	}
	return sum, receipt.Cache(s.store, receipt.GraphCache, key, text)
}

// settingsFile returns the file that has the settings of the recipe; "" if the graph has them.
func (s *session) settingsFile() string {
	if s.last == nil || s.last.graph == nil || s.last.graph != s.graph {
		return ""
	}
	return receipt.CachePath(s.store, receipt.SettingsCache, s.last.sum)
}
