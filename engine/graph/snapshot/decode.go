package snapshot

import (
	"crypto/sha256"
	"encoding/json"
	"math"
	"time"

	"assay/artifacts/pack"
	"assay/engine/glob"
	"assay/engine/graph"
	"assay/engine/graph/files"
	"assay/engine/recipe"
	"assay/engine/step"
)

// A decoder reads a graph. Damage is noted by its Reader; what it returns then is not used.
type decoder struct {
	*pack.Reader
	known map[string]*step.Kind // by name and version
	read  []*recipe.File
	kinds []*step.Kind
	ports []step.Port
	nodes []*graph.Node
	parts map[string]*glob.Pattern
	other bool // a kind or a pattern is not known
}

// Err returns an error if the text is damaged.
func (d *decoder) Err() error {
	if err := d.Reader.Err(); err != nil {
		return err
	}
	if d.other {
		return ErrOther
	}
	return nil
}

// files reads the files of the recipe, and returns an error if one is another than it was.
func (d *decoder) files() error {
	for range d.Count() {
		name, want := d.Text(), d.Digest()
		if d.Bad() {
			return pack.ErrDamaged
		}
		text, err := readFile(name)
		if err != nil {
			return err
		}
		if sha256.Sum256(text) != want {
			return ErrOther
		}
		d.read = append(d.read, &recipe.File{Name: name, Text: text})
	}
	if len(d.read) == 0 {
		return pack.ErrDamaged
	}
	return nil
}

func (d *decoder) pos() recipe.Pos {
	file := d.Below(len(d.read) + 1)
	p := recipe.Pos{Line: d.Int(), Col: d.Int()}
	if file > 0 {
		p.File = d.read[file-1]
	}
	return p
}

// graph reads the recipe, the tables and the nodes.
func (d *decoder) graph() *graph.Graph {
	r := d.recipe()
	slots := d.slots()
	for range d.Count() {
		k := d.known[d.Text()]
		d.other = d.other || k == nil
		d.kinds = append(d.kinds, k)
	}
	for range d.Count() {
		d.ports = append(d.ports, d.port())
	}
	count := d.Count()
	all := make([]graph.Node, count) // in one piece: there may be 100,000
	d.nodes = make([]*graph.Node, 0, count)
	d.parts = map[string]*glob.Pattern{}
	for i := range all {
		if d.Bad() {
			break
		}
		d.node(&all[i])
		d.nodes = append(d.nodes, &all[i])
	}
	return graph.Assemble(r, d.nodes, slots)
}

func (d *decoder) recipe() *recipe.Recipe {
	r := &recipe.Recipe{File: d.read[0], Files: d.read, Name: d.Text(), Shards: d.Int()}
	for range d.Count() {
		r.Sources = append(r.Sources, recipe.Source{Name: d.Text(), Path: d.Text(), Pos: d.pos()})
	}
	for range d.Count() {
		o := recipe.Delivery{Path: d.Text(), Pos: d.pos()}
		o.Ref.Step, o.Ref.Port, o.Ref.Pos = d.Text(), d.Text(), d.pos()
		r.Deliveries = append(r.Deliveries, o)
	}
	return r
}

func (d *decoder) slots() map[string]int {
	n := d.Count()
	if n == 0 {
		return nil
	}
	out := map[string]int{}
	for range n {
		name := d.Text()
		out[name] = d.Int()
	}
	return out
}

func (d *decoder) limits() graph.Limits {
	l := graph.Limits{Need: graph.Need{CPU: d.Int(), Memory: int64(d.Int()), Slots: d.slots()}}
	l.Growth = math.Float64frombits(d.Fixed())
	l.Retries, l.Timeout = d.Int(), time.Duration(d.Int())
	return l
}

func (d *decoder) port() step.Port {
	p := step.Port{Name: d.Text(), About: d.Text(), Match: d.Text()}
	p.Many, p.Shard, p.Optional, p.Origin = d.Bool(), d.Bool(), d.Bool(), d.Bool()
	return p
}

func (d *decoder) labels() step.Labels {
	n := d.Count()
	if n == 0 {
		return nil
	}
	out := make(step.Labels, n)
	for i := range out {
		out[i] = step.Label{Axis: d.Text(), Value: d.Text()}
	}
	return out
}

// at returns the value of a table at the index that comes next.
func at[V any](d *decoder, list []V) (v V) {
	if i := d.Below(len(list)); i < len(list) {
		return list[i]
	}
	return v
}

func (d *decoder) node(n *graph.Node) {
	n.Step, n.Labels, n.Kind = d.Text(), d.labels(), at(d, d.kinds)
	n.Params, n.Limits = json.RawMessage(d.Bytes()), d.limits()
	n.Outputs = make([]step.Port, d.Count())
	for i := range n.Outputs {
		n.Outputs[i] = at(d, d.ports)
	}
	n.Inputs = make([]graph.Binding, d.Count())
	for i := range n.Inputs {
		n.Inputs[i].Port = at(d, d.ports)
		n.Inputs[i].Feeds = make([]graph.Feed, d.Count())
		for j := range n.Inputs[i].Feeds {
			n.Inputs[i].Feeds[j] = d.feed()
		}
	}
}

// feed reads what a port reads. Nodes come after those they read from.
func (d *decoder) feed() graph.Feed {
	var f graph.Feed
	if i := d.Below(len(d.nodes) + 1); i == 0 {
		f.Source = d.Text()
	} else {
		f.Node, f.Output = d.nodes[i-1], d.Text()
	}
	f.Labels = d.labels()
	if d.Bool() {
		f.Part = &files.Part{Pos: d.pos(), Pattern: d.pattern(d.Text())}
	}
	return f
}

// pattern returns a parsed pattern. Many nodes may have the same one.
func (d *decoder) pattern(text string) *glob.Pattern {
	p := d.parts[text]
	if p == nil {
		var err error
		p, err = glob.Parse(text)
		d.other = d.other || err != nil
		d.parts[text] = p
	}
	return p
}
