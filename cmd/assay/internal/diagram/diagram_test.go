package diagram

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// small has everything: states, labels, an arrow past a column, two arrows
// between the same boxes, arrows that meet, and texts that need escaping.
func small() *Graph {
	return &Graph{
		Title: `little & "quick"`,
		Boxes: []Box{
			{ID: "corpus", Title: "corpus", State: Source, Hover: "testdata/corpus"},
			{ID: "validate", Title: "validate", Sub: "validate@1", State: UpToDate},
			{ID: "fit a", Title: "fit", Sub: "by=<a>", State: WillRun, Hover: "not made before\nsecond line"},
			{ID: "fit b", Title: "fit", Sub: "by=b", State: WillRun},
			{ID: "report", Title: "report", Sub: "report@1", State: MayRun},
			{ID: "out", Title: "out", State: Output},
		},
		Edges: []Edge{
			{"corpus", "validate", "episodes", ""}, {"validate", "fit a", "index", "validate.index → fit.index"}, {"validate", "fit b", "index", ""},
			{"fit a", "report", "models", ""}, {"fit b", "report", "models", ""}, {"validate", "report", "index", ""}, {"report", "out", "page", ""},
		},
	}
}

func TestGolden(t *testing.T) {
	for name, draw := range map[string]func(*Graph, io.Writer) error{"small.svg": (*Graph).SVG, "small.mmd": (*Graph).Mermaid, "small.dot": (*Graph).DOT} {
		var b bytes.Buffer
		if err := draw(small(), &b); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile("testdata/"+name, b.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile("testdata/" + name)
		if err != nil || !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s is another one (%v); look at it and run go test -update:\n%s", name, err, b.Bytes())
		}
	}
}

// TestNothingOverlaps lays out random graphs: boxes of a column are apart,
// arrows lead to the right, the same graph gives the same bytes, the SVG is
// well-formed XML.
func TestNothingOverlaps(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		g := &Graph{Title: fmt.Sprint("seed ", seed)}
		for i := range 2 + rng.IntN(40) {
			g.Boxes = append(g.Boxes, Box{ID: fmt.Sprint(i), Title: fmt.Sprint("box ", i)})
			for range rng.IntN(4) {
				if i > 0 {
					g.Edges = append(g.Edges, Edge{fmt.Sprint(rng.IntN(i)), fmt.Sprint(i), "port", ""})
				}
			}
		}
		l := arrange(g)
		for _, column := range l.layers {
			for i := 1; i < len(column); i++ {
				if a, b := column[i-1], column[i]; a.y+a.high+rowGap > b.y+1e-6 {
					t.Fatalf("seed %d: cells at %v and %v overlap", seed, a.y, b.y)
				}
			}
		}
		if len(l.routes) != len(g.Edges) {
			t.Fatalf("seed %d: %d of %d arrows are drawn", seed, len(l.routes), len(g.Edges))
		}
		var a, b bytes.Buffer
		g.SVG(&a)
		g.SVG(&b)
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Fatalf("seed %d: two drawings differ", seed)
		}
		for d := xml.NewDecoder(&a); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

// TestRing draws a cycle, which no recipe has, and ends.
func TestRing(t *testing.T) {
	g := &Graph{Boxes: []Box{{ID: "a"}, {ID: "b"}}, Edges: []Edge{{"a", "b", "", ""}, {"b", "a", "", ""}, {"a", "a", "", ""}, {"a", "nowhere", "", ""}}}
	if err := g.SVG(io.Discard); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkLayout(b *testing.B) {
	g := &Graph{}
	for i := range 1000 {
		g.Boxes = append(g.Boxes, Box{ID: fmt.Sprint(i)})
		for k := range 3 {
			if i >= 50 {
				g.Edges = append(g.Edges, Edge{fmt.Sprint(i - 50 + k*7%50), fmt.Sprint(i), "p", ""})
			}
		}
	}
	for b.Loop() {
		arrange(g)
	}
}
