package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/steps"
)

// TestRecord writes costs.csv from a store in which recipes/paper.yaml was run with -j 1, so that
// each step had a core of its own. ASSAY_CLUSTER_STORE is that store.
func TestRecord(t *testing.T) {
	dir := os.Getenv("ASSAY_CLUSTER_STORE")
	if dir == "" {
		t.Skip("ASSAY_CLUSTER_STORE names no store")
	}
	t.Chdir("../..")
	g := resolve(t, "recipes/paper.yaml")
	s, err := store.Open(dir, func(w string) { t.Log(w) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rs, err := (&engine.Engine{Store: s, Executor: engine.Local{Cores: 1}}).Run(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]*Cost{}
	nodes := map[string]float64{}
	for _, n := range g.Nodes {
		c := sums[n.Step]
		if c == nil {
			c = &Cost{}
			sums[n.Step] = c
		}
		nodes[n.Step]++
		add(t, s, rs, n, c)
	}
	if err := os.WriteFile("bench/cluster/costs.csv", table(sums, nodes), 0o666); err != nil {
		t.Fatal(err)
	}
}

// bundled is the number of episodes in testdata/corpus.
const bundled = 265

// add adds what a node took, read and wrote.
func add(t *testing.T, s *store.Store, rs *engine.Results, n *graph.Node, c *Cost) {
	t.Helper()
	for _, key := range rs.Outcomes[n].Keys() {
		rec, err := s.Record(key)
		if err != nil {
			t.Fatal(err)
		}
		c.Episode += rec.Took.Seconds()
	}
	for _, tree := range rs.Outcomes[n].Outputs {
		c.Write += size(t, s, tree)
	}
	for _, b := range n.Inputs {
		for _, f := range b.Feeds {
			if f.Node == nil {
				c.Read += corpus(t)
				continue
			}
			c.Read += size(t, s, rs.Outcomes[f.Node].Outputs[f.Output])
		}
	}
}

// size returns how many bytes the files of a tree have.
func size(t *testing.T, s *store.Store, tree artifacts.Tree) float64 {
	t.Helper()
	sum := 0.0
	for _, f := range tree {
		info, err := os.Stat(s.Path(f.Digest))
		if err != nil {
			t.Fatal(err)
		}
		sum += float64(info.Size())
	}
	return sum
}

// corpus returns how many bytes the bundled episodes have.
func corpus(t *testing.T) float64 {
	t.Helper()
	files, err := filepath.Glob("testdata/corpus/*/*.tar.zst")
	if err != nil || len(files) != bundled {
		t.Fatalf("%d episodes, %v", len(files), err)
	}
	sum := 0.0
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		sum += float64(info.Size())
	}
	return sum
}

// shared is the part of a family's time that more cores share: two cores were 1.5 times as fast as
// one for the mlp, 1.9 for cnn and lstm, 1.95 for gru and 2.0 for the transformer (bench/README.md).
var shared = map[string]float64{"gbt": 0.9, "knn": 0.95, "mlp": 0.67, "cnn": 0.947, "gru": 0.974, "lstm": 0.947,
	"transformer": 0.98}

// neighbours is what train/knn costs for each pair of episodes: 0.25 ms for a window against 150,000
// (bench/README.md). An episode has 7.8 windows; two thirds are indexed, a third asks.
const neighbours = 0.25e-3 / 150_000 * (7.8 * 2 / 3) * (7.8 / 3)

// table returns costs.csv.
func table(sums map[string]*Cost, nodes map[string]float64) []byte {
	var b strings.Builder
	b.WriteString("# What a step costs for each episode, recorded by TestRecord; see Cost.\n")
	b.WriteString("step,fixed,episode,exponent,parallel,read,write\n")
	var names []string
	for name := range sums {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		c, k := sums[name], nodes[name]*bundled
		seconds, exponent := c.Episode/k, 1
		if name == "knn" { // of the bundled corpus it takes no time; each window is compared with all others
			seconds, exponent = neighbours, 2
		}
		fmt.Fprintf(&b, "%s,0.05,%.4g,%d,%g,%.0f,%.0f\n", name, seconds, exponent, shared[name], c.Read/k, c.Write/k)
	}
	return []byte(b.String())
}

// resolve reads a recipe and makes its graph.
func resolve(t *testing.T, file string, sets ...string) *graph.Graph {
	t.Helper()
	var ms recipe.Mistakes
	r, err := recipe.Load(file, &recipe.Overrides{Sets: sets}, &ms)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(r, steps.All(), &ms)
	if err := ms.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}
