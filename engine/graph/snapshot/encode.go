package snapshot

import (
	"maps"
	"math"
	"slices"

	"assay/artifacts/pack"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// tables hold what many nodes have in common, each once.
type tables struct {
	kinds table[*step.Kind]
	ports table[step.Port]
	nodes map[*graph.Node]int
}

// A table numbers values.
type table[V comparable] struct {
	index map[V]int
	list  []V
}

// add adds a value that is new.
func (t *table[V]) add(v V) {
	if _, ok := t.index[v]; ok {
		return
	}
	if t.index == nil {
		t.index = map[V]int{}
	}
	t.index[v], t.list = len(t.list), append(t.list, v)
}

// newTables collects what the nodes of a graph have in common.
func newTables(g *graph.Graph) *tables {
	t := &tables{nodes: make(map[*graph.Node]int, len(g.Nodes))}
	for i, n := range g.Nodes {
		t.nodes[n] = i
		t.kinds.add(n.Kind)
		for _, b := range n.Inputs {
			t.ports.add(b.Port)
		}
		for _, p := range n.Outputs {
			t.ports.add(p)
		}
	}
	return t
}

// An encoder writes a graph.
type encoder struct {
	*pack.Writer
	files map[*recipe.File]int
	*tables
}

// pos writes a position. It may be in a --set, which is no file.
func (e *encoder) pos(p recipe.Pos) {
	file, ok := e.files[p.File]
	if !ok {
		file = -1
	}
	e.Int(file + 1)
	e.Int(max(p.Line, 0))
	e.Int(max(p.Col, 0))
}

// recipe writes what is needed of a recipe once its steps are resolved.
func (e *encoder) recipe(r *recipe.Recipe) {
	e.Text(r.Name)
	e.Int(r.Shards)
	e.Int(len(r.Sources))
	for _, s := range r.Sources {
		e.Text(s.Name)
		e.Text(s.Path)
		e.pos(s.Pos)
	}
	e.Int(len(r.Deliveries))
	for _, o := range r.Deliveries {
		e.Text(o.Path)
		e.pos(o.Pos)
		e.Text(o.Ref.Step)
		e.Text(o.Ref.Port)
		e.pos(o.Ref.Pos)
	}
}

// slots writes named amounts.
func (e *encoder) slots(of map[string]int) {
	e.Int(len(of))
	for _, name := range slices.Sorted(maps.Keys(of)) {
		e.Text(name)
		e.Int(of[name])
	}
}

func (e *encoder) limits(l graph.Limits) {
	e.Int(l.Need.CPU)
	e.Int(int(l.Need.Memory))
	e.slots(l.Need.Slots)
	e.Fixed(math.Float64bits(l.Growth))
	e.Int(l.Retries)
	e.Int(int(l.Timeout))
}

func (e *encoder) port(p step.Port) {
	e.Text(p.Name)
	e.Text(p.About)
	e.Text(p.Match)
	for _, v := range []bool{p.Many, p.Shard, p.Optional, p.Origin} {
		e.Bool(v)
	}
}

// graph writes the tables and then the nodes.
func (e *encoder) graph(g *graph.Graph) {
	e.Int(len(e.kinds.list))
	for _, k := range e.kinds.list {
		e.Text(k.String())
	}
	e.Int(len(e.ports.list))
	for _, p := range e.ports.list {
		e.port(p)
	}
	e.Int(len(g.Nodes))
	for _, n := range g.Nodes {
		e.node(n)
	}
}

func (e *encoder) labels(list step.Labels) {
	e.Int(len(list))
	for _, l := range list {
		e.Text(l.Axis)
		e.Text(l.Value)
	}
}

func (e *encoder) node(n *graph.Node) {
	e.Text(n.Step)
	e.labels(n.Labels)
	e.Int(e.kinds.index[n.Kind])
	e.Bytes(n.Params)
	e.limits(n.Limits)
	e.Int(len(n.Outputs))
	for _, p := range n.Outputs {
		e.Int(e.ports.index[p])
	}
	e.Int(len(n.Inputs))
	for _, b := range n.Inputs {
		e.Int(e.ports.index[b.Port])
		e.Int(len(b.Feeds))
		for _, f := range b.Feeds {
			e.feed(f)
		}
	}
}

// feed writes what a port reads. A source has the number 0, a node its number and 1.
func (e *encoder) feed(f graph.Feed) {
	if f.Node == nil {
		e.Int(0)
		e.Text(f.Source)
	} else {
		e.Int(e.tables.nodes[f.Node] + 1)
		e.Text(f.Output)
	}
	e.labels(f.Labels)
	e.Bool(f.Part != nil)
	if f.Part != nil {
		e.pos(f.Part.Pos)
		e.Text(f.Part.Pattern.String())
	}
}
