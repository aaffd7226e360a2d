package engine

import (
	"crypto/sha256"
	"testing"
	"time"

	"assay/artifacts"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// remembered returns the text of a memory of one node.
func remembered() []byte {
	n := &graph.Node{Step: "a", Kind: &step.Kind{Name: "k", Version: "1"}, Outputs: []step.Port{{Name: "out"}}}
	g := graph.Assemble(&recipe.Recipe{Shards: 1}, []*graph.Node{n, {Step: "b"}}, nil)
	tree := artifacts.Tree{{Name: "f", Digest: artifacts.Of([]byte("f"))}}
	o := &Outcome{keys: []artifacts.Digest{artifacts.Of([]byte("key"))}, Outputs: map[string]artifacts.Tree{"out": tree}}
	rs := &Results{Graph: g, Outcomes: map[*graph.Node]*Outcome{n: o},
		whole: map[string]artifacts.Digest{"src": artifacts.Of([]byte("src"))}}
	return Remember(rs, g, artifacts.Of([]byte("graph")), "basis", time.Unix(5, 0))
}

func TestMemory(t *testing.T) {
	m, err := ReadMemory(remembered())
	if err != nil {
		t.Fatal(err)
	}
	key := artifacts.Of([]byte("key"))
	if m.Graph != artifacts.Of([]byte("graph")) || m.Basis != "basis" || m.Looked.Unix() != 5 ||
		m.source["src"] != artifacts.Of([]byte("src")) || len(m.nodes) != 2 {
		t.Errorf("memory %+v", m)
	}
	v := m.find(nil, key)
	if v == nil || v.outputs[0].Name != "out" || v.outputs[0].Tree != v.trees[0].Digest() || v.trees[0][0].Name != "f" {
		t.Errorf("found %+v", v)
	}
	if m.find(nil, artifacts.Digest{}) != nil || m.find(nil, artifacts.Of(nil)) != nil {
		t.Error("found what nobody made")
	}
	a, b := &graph.Node{}, &graph.Node{}
	m.About(&graph.Graph{Nodes: []*graph.Node{a}})
	if m.byNode != nil {
		t.Error("the memory is about a graph with other nodes")
	}
	m.About(&graph.Graph{Nodes: []*graph.Node{a, b}})
	if m.find(a, key) == nil || m.find(b, key) != nil || m.find(a, artifacts.Of(nil)) != nil {
		t.Error("a node is taken for another one")
	}
}

// FuzzReadMemory reads texts whose checksum is right, and whose values are anything.
func FuzzReadMemory(f *testing.F) {
	text := remembered()
	f.Add(text[len(MemoryHead)+1:len(text)-sha256.Size], uint16(3), byte(1))
	f.Fuzz(func(t *testing.T, values []byte, at uint16, flip byte) {
		if len(values) > 0 {
			values = append([]byte{}, values...)
			values[int(at)%len(values)] ^= flip
		}
		text := append([]byte(MemoryHead+"\n"), values...)
		sum := sha256.Sum256(text)
		m, err := ReadMemory(append(text, sum[:]...))
		if err != nil {
			return
		}
		for i := range m.nodes {
			if len(m.nodes[i].outputs) != len(m.nodes[i].trees) {
				t.Fatal("an output has no tree")
			}
		}
	})
}
