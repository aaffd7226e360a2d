// Package recipe reads recipes: YAML files that name steps and connect them.
//
// Call [Load] to get a [Recipe]. Its "with:" blocks and matrix values are still [Value]s,
// since only a kind of step knows their types: [Resolve] fills in their ${…}, and
// [Decode] decodes them over a struct. Every mistake is collected in [Mistakes] with
// file, line and column. Whether steps, ports and axes fit together is checked by
// package graph.
package recipe

import (
	"fmt"
	"iter"
	"regexp"
)

// A Recipe is a recipe file, merged over what it extends.
type Recipe struct {
	File       *File
	Files      []*File // all files it was read from: itself, those it extends, files of parameters
	Name       string
	About      string
	Piped      bool // it came through a pipe, so it has no lock beside it
	Shards     int  // number of shards that sharded inputs are cut into
	Params     []Field
	Sources    []Source
	Steps      []*Step
	Deliveries []Delivery
	Slots      []Field   // named resources and how much of each there is
	Settings   []Setting // what the recipe says, as it is written
}

// A Source names a file or folder that no step makes.
type Source struct {
	Name string
	Pos  Pos
	Path string
}

// A Step is one entry under "steps:".
type Step struct {
	Name    string
	Pos     Pos
	Uses    string
	UsesPos Pos
	Matrix  Matrix
	In      []Connection
	With    *Value  // nil if absent
	Running []Field // "resources:", "retries:" and "timeout:": how to run it, not what it makes
}

// Reads yields every artifact that the step reads: by its inputs, and for the values of its axes.
func (s *Step) Reads() iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		for _, in := range s.In {
			for _, ref := range in.Refs {
				if !yield(ref) {
					return
				}
			}
		}
		for _, a := range s.Matrix.Axes {
			if a.Data != nil && !yield(a.Data.From) {
				return
			}
		}
	}
}

// A Connection is one entry under "in:": an input of the step and what it reads.
type Connection struct {
	Name string
	Pos  Pos
	Refs []Ref
}

// A Delivery is one entry under "outputs:": an artifact, and the folder that each run
// copies it to.
type Delivery struct {
	Path string
	Pos  Pos
	Ref  Ref
}

// defaultShards keeps the cost of one changed episode low, and does not cut a small
// corpus into tiny shards.
const defaultShards = 16

// parser interprets a merged recipe.
type parser struct {
	ms      *Mistakes
	r       *Recipe
	root    *Value
	extends bool
}

var topKeys = []string{"extends", "name", "about", "params", "sources", "shards", "slots", "steps", "outputs"}

// recipe reads the top level. The order of the keys in the file does not matter.
func (p *parser) recipe(root *Value) {
	r := p.r
	var outputs, sources *Value
	for _, f := range root.Fields {
		switch f.Key {
		case "name":
			decodeAt(f.Value, &r.Name, "name", p.ms)
		case "about":
			decodeAt(f.Value, &r.About, "about", p.ms)
		case "shards":
			p.shards(f.Value)
		case "slots":
			if p.wantMap(f.Value, "slots") {
				r.Slots = f.Value.Fields
			}
		case "params":
			if p.wantMap(f.Value, "params") {
				r.Params = f.Value.Fields
			}
		case "sources":
			sources = f.Value
		case "steps":
			p.steps(f.Value)
		case "outputs":
			outputs = f.Value
		default:
			p.ms.Add(f.Pos, Suggest(f.Key, topKeys), "unknown key %q in the recipe", f.Key)
		}
	}
	p.params()
	p.sources(sources) // after params, which their paths may name
	p.outputs(outputs)
	if root.Get("steps") == nil {
		p.ms.Add(root.Pos, "add them under \"steps:\"", "the recipe has no steps")
	}
}

func (p *parser) shards(n *Value) {
	decodeAt(n, &p.r.Shards, "shards", p.ms)
	if p.r.Shards < 1 || p.r.Shards > 1000 {
		p.ms.Add(n.Pos, "", "shards: want 1 to 1000, found %s", n.describe())
		p.r.Shards = defaultShards
	}
}

func (p *parser) wantMap(n *Value, what string) bool {
	if n.Form != Map {
		p.ms.Add(n.Pos, "", "%s: want \"name: value\" lines, found %s", what, n.describe())
	}
	return n.Form == Map
}

func (p *parser) sources(n *Value) {
	if n == nil || !p.wantMap(n, "sources") {
		return
	}
	env := p.r.Env()
	for _, f := range n.Fields {
		p.name(f, "source")
		s := Source{Name: f.Key, Pos: f.Value.Pos}
		decodeAt(Resolve(f.Value, env, p.ms), &s.Path, "source "+f.Key, p.ms)
		p.r.Sources = append(p.r.Sources, s)
	}
}

func (p *parser) outputs(n *Value) {
	if n == nil || !p.wantMap(n, "outputs") {
		return
	}
	env := p.r.Env()
	for _, f := range n.Fields {
		o := Delivery{Pos: f.Pos, Ref: p.ref(f.Value)}
		if o.Ref.HasPath() {
			p.ms.Add(o.Ref.Pos, "leave out what follows the name", "outputs: %s: a whole output is copied, not a part of it",
				clip(o.Ref.String()))
			o.Ref.Step = "" // so that nobody looks it up
		}
		Decode(Resolve(scalar(f.Key, f.Pos), env, p.ms), &o.Path, p.ms)
		p.r.Deliveries = append(p.r.Deliveries, o)
	}
}

// maxName bounds names, since they are used as names of folders.
const maxName = 100

var nameForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

func (p *parser) name(f Field, what string) {
	switch {
	case !nameForm.MatchString(f.Key):
		p.ms.Add(f.Pos, "use letters, digits, _ and -, beginning with a letter", "%s name %q", what, clip(f.Key))
	case len(f.Key) > maxName:
		hint := fmt.Sprintf("use at most %d characters", maxName)
		p.ms.Add(f.Pos, hint, "%s name %q has %d characters", what, clip(f.Key), len(f.Key))
	}
}

// Find returns a step by name.
func (r *Recipe) Find(step string) (*Step, error) {
	for _, s := range r.Steps {
		if s.Name == step {
			return s, nil
		}
	}
	return nil, fmt.Errorf("no step %s", step)
}
