package engine

import (
	"fmt"
	"time"

	"assay/artifacts"
	"assay/artifacts/pack"
	"assay/artifacts/store"
	"assay/engine/graph"
)

// A Memory says what the nodes of a graph made in an earlier run that did all it was asked. With it a run takes
// over what has not changed, and neither describes an action nor reads a record for that. It looks whether the blobs
// are there. A memory is a cache: losing it costs time and nothing else.
//
// Only nodes with one action are in it. Those with shards have few nodes and many actions.
type Memory struct {
	Graph  artifacts.Digest // the checksum of the snapshot of the graph
	Basis  string           // what else it depends on; the caller knows
	Looked time.Time        // when a run last looked at every record

	source map[string]artifacts.Digest // the digest of each source
	nodes  []made                      // in the order of the graph; the key is zero if nothing is known

	byNode map[*graph.Node]*made      // nil if the graph is another one
	byKey  map[artifacts.Digest]*made // nil until somebody asks
}

// made is what one action made.
type made struct {
	key     artifacts.Digest
	outputs []artifacts.NamedTree // by port
	trees   []artifacts.Tree
}

// MemoryHead begins the text of a memory.
const MemoryHead = "assay memory 1"

// About says that g is the graph that the memory is about.
func (m *Memory) About(g *graph.Graph) {
	if len(g.Nodes) != len(m.nodes) {
		return
	}
	m.byNode = make(map[*graph.Node]*made, len(m.nodes))
	for i, n := range g.Nodes {
		if m.nodes[i].key != (artifacts.Digest{}) {
			m.byNode[n] = &m.nodes[i]
		}
	}
}

// find returns what the action of a node made, by its key; nil if that is not known. Of a graph that has not changed,
// only the node itself can have had that action.
func (m *Memory) find(n *graph.Node, key artifacts.Digest) *made {
	if m.byNode != nil {
		if v := m.byNode[n]; v != nil && v.key == key {
			return v
		}
		return nil
	}
	if m.byKey == nil {
		m.byKey = make(map[artifacts.Digest]*made, len(m.nodes))
		for i := range m.nodes {
			m.byKey[m.nodes[i].key] = &m.nodes[i]
		}
		delete(m.byKey, artifacts.Digest{})
	}
	return m.byKey[key]
}

// blobs returns the digests of all files and lists that the memory knows, each as often as it is named.
func (m *Memory) blobs() []artifacts.Digest {
	var list []artifacts.Digest
	for i := range m.nodes {
		for k, out := range m.nodes[i].outputs {
			list = append(list, out.Tree)
			for _, f := range m.nodes[i].trees[k] {
				list = append(list, f.Digest)
			}
		}
	}
	return list
}

// whole reports whether all blobs of what an action made are there.
func (v *made) whole(look *store.Glance) bool {
	for i, out := range v.outputs {
		if !look.Whole(out.Tree) {
			return false
		}
		for _, f := range v.trees[i] {
			if !look.Whole(f.Digest) {
				return false
			}
		}
	}
	return true
}

// Remember returns the text of a memory of what the nodes of g made in a run. of, basis and looked are its fields.
func Remember(rs *Results, g *graph.Graph, of artifacts.Digest, basis string, looked time.Time) []byte {
	w := pack.NewWriter(MemoryHead)
	w.Digest(of)
	w.Text(basis)
	w.Int(int(looked.Unix()))
	w.Int(len(rs.whole))
	for name, d := range rs.whole {
		w.Text(name)
		w.Digest(d)
	}
	w.Int(len(g.Nodes))
	for _, n := range g.Nodes {
		o := rs.Outcomes[n]
		if o == nil || len(o.keys) != 1 || o.Outputs == nil || n.Sharded(g.Recipe.Shards) {
			w.Bool(false)
			continue
		}
		w.Bool(true)
		w.Digest(o.keys[0])
		w.Int(len(n.Outputs))
		for _, p := range n.Outputs {
			w.Text(p.Name)
			w.Digest(o.Digest(p.Name))
			putTree(w, o.Outputs[p.Name])
		}
	}
	text, _ := w.Sum()
	return text
}

func putTree(w *pack.Writer, t artifacts.Tree) {
	w.Int(len(t))
	for _, f := range t {
		w.Text(f.Name)
		w.Digest(f.Digest)
	}
}

// ReadMemory reads the text of a memory.
func ReadMemory(text []byte) (*Memory, error) {
	r, _, err := pack.Open(MemoryHead, text)
	if err != nil {
		return nil, fmt.Errorf("what an earlier run made: %w", err)
	}
	m := &Memory{Graph: r.Digest(), Basis: r.Text(), Looked: time.Unix(int64(r.Int()), 0),
		source: map[string]artifacts.Digest{}}
	for range r.Count() {
		name := r.Text()
		m.source[name] = r.Digest()
	}
	m.nodes = make([]made, r.Count())
	for i := range m.nodes {
		if !r.Bool() || r.Bad() {
			continue
		}
		m.nodes[i] = readMade(r)
	}
	if err := r.Err(); err != nil {
		return nil, fmt.Errorf("what an earlier run made: %w", err)
	}
	return m, nil
}

func readMade(r *pack.Reader) made {
	v := made{key: r.Digest()}
	n := r.Count()
	v.outputs, v.trees = make([]artifacts.NamedTree, n), make([]artifacts.Tree, n)
	for i := range n {
		v.outputs[i] = artifacts.NamedTree{Name: r.Text(), Tree: r.Digest()}
		v.trees[i] = make(artifacts.Tree, r.Count())
		for j := range v.trees[i] {
			v.trees[i][j] = artifacts.File{Name: r.Text(), Digest: r.Digest()}
		}
	}
	return v
}
