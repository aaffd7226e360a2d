// Package recipe reads recipes: YAML files that name steps and connect them.
//
// [Load] is what to call; [Recipe] is what comes out, its "with:" blocks and
// matrix values still [Node]s, since only a kind of step knows their types:
// [Resolve] fills in their ${…} and [Decode] decodes them over a struct. Every
// mistake is collected in [Mistakes] with file, line and column. Whether steps,
// ports and axes fit together is for package engine to say.
package recipe

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// A Recipe is a recipe file as it was written.
type Recipe struct {
	File    *File
	Name    string
	About   string
	Shards  int // parts that sharded inputs are cut into
	Params  []Field
	Sources []Source
	Steps   []*Step
	Outputs []Output
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
	Matrix  []Axis
	In      []Port
	With    *Node // nil if absent
}

// An Axis is one axis of a step's matrix: values of its own, or those of
// another step's axis.
type Axis struct {
	Name   string
	Pos    Pos
	Values []*Node
	From   *Ref // "step.axis"
}

// A Port is one entry under "in:": what is connected to an input.
type Port struct {
	Name string
	Pos  Pos
	Refs []Ref
}

// A Ref names a source, or something of a step: "corpus", "split.assignment".
type Ref struct {
	Pos  Pos
	Step string
	Port string // "" for a source, whose name is Step
}

// String returns the reference as it was written.
func (r Ref) String() string {
	if r.Port == "" {
		return r.Step
	}
	return r.Step + "." + r.Port
}

// An Output is one entry under "outputs:": an artifact that is put where
// people find it after each run.
type Output struct {
	Path string
	Pos  Pos
	Ref  Ref
}

// defaultShards keeps one changed episode from costing much, and a small
// corpus from being cut into crumbs.
const defaultShards = 16

// Load reads the recipe at path, with overrides of the form "params.seed=8"
// applied. Mistakes go to ms; the recipe holds what could be understood, and
// is nil if nothing could. The error is of reading the file.
func Load(path string, sets []string, ms *Mistakes) (*Recipe, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(&File{path, text}, sets, ms), nil
}

// Parse is Load for a text that was read already.
func Parse(file *File, sets []string, ms *Mistakes) *Recipe {
	before := ms.Added()
	root := parseNode(file, ms)
	switch {
	case root == nil && ms.Added() > before:
		return nil
	case root == nil || root.Kind != Map:
		ms.Add(Pos{file, 1, 1}, "a recipe is a map with the keys name, sources and steps", "this is not a recipe")
		return nil
	}
	for _, s := range sets {
		applySet(root, s, ms)
	}
	p := &parser{ms: ms, r: &Recipe{File: file, Shards: defaultShards}}
	p.recipe(root)
	return p.r
}

type parser struct {
	ms *Mistakes
	r  *Recipe
}

var topKeys = []string{"name", "about", "params", "sources", "shards", "steps", "outputs"}

func (p *parser) recipe(root *Node) {
	r := p.r
	var outputs, sources *Node
	for _, f := range root.Fields {
		switch f.Key {
		case "name":
			Decode(f.Value, &r.Name, p.ms)
		case "about":
			Decode(f.Value, &r.About, p.ms)
		case "shards":
			p.shards(f.Value)
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

func (p *parser) shards(n *Node) {
	Decode(n, &p.r.Shards, p.ms)
	if p.r.Shards < 1 || p.r.Shards > 1000 {
		p.ms.Add(n.Pos, "", "shards: want 1 to 1000, found %s", n.describe())
		p.r.Shards = defaultShards
	}
}

func (p *parser) wantMap(n *Node, what string) bool {
	if n.Kind != Map {
		p.ms.Add(n.Pos, "", "%s: want \"name: value\" lines, found %s", what, n.describe())
	}
	return n.Kind == Map
}

// params resolves parameters that name other ones, in the order written.
func (p *parser) params() {
	env := Env{}
	for i, f := range p.r.Params {
		p.name(f, "parameter")
		p.r.Params[i].Value = Resolve(f.Value, env, p.ms)
		env[f.Key] = p.r.Params[i].Value
	}
}

// Env returns the recipe's parameters for Resolve.
func (r *Recipe) Env() Env {
	env := Env{}
	for _, f := range r.Params {
		env[f.Key] = f.Value
	}
	return env
}

func (p *parser) sources(n *Node) {
	if n == nil || !p.wantMap(n, "sources") {
		return
	}
	for _, f := range n.Fields {
		p.name(f, "source")
		s := Source{Name: f.Key, Pos: f.Value.Pos}
		Decode(Resolve(f.Value, p.r.Env(), p.ms), &s.Path, p.ms)
		p.r.Sources = append(p.r.Sources, s)
	}
}

func (p *parser) outputs(n *Node) {
	if n == nil || !p.wantMap(n, "outputs") {
		return
	}
	for _, f := range n.Fields {
		o := Output{Pos: f.Pos, Ref: p.ref(f.Value)}
		Decode(Resolve(scalar(f.Key, f.Pos), p.r.Env(), p.ms), &o.Path, p.ms)
		p.r.Outputs = append(p.r.Outputs, o)
	}
}

func (p *parser) steps(n *Node) {
	if !p.wantMap(n, "steps") {
		return
	}
	for _, f := range n.Fields {
		p.name(f, "step")
		if p.wantMap(f.Value, "step "+f.Key) {
			p.r.Steps = append(p.r.Steps, p.step(f))
		}
	}
}

var stepKeys = []string{"uses", "matrix", "in", "with"}

func (p *parser) step(f Field) *Step {
	s := &Step{Name: f.Key, Pos: f.Pos, UsesPos: f.Pos}
	slip := false // an unknown key is likely the one that is missing
	for _, k := range f.Value.Fields {
		switch k.Key {
		case "uses":
			s.UsesPos = k.Value.Pos
			Decode(k.Value, &s.Uses, p.ms)
		case "matrix":
			p.matrix(s, k.Value)
		case "in":
			p.inputs(s, k.Value)
		case "with":
			if p.wantMap(k.Value, "with") {
				s.With = k.Value
			}
		default:
			slip = true
			p.ms.Add(k.Pos, Suggest(k.Key, stepKeys), "unknown key %q in step %s", k.Key, s.Name)
		}
	}
	if f.Value.Get("uses") == nil && !slip {
		p.ms.Add(f.Pos, "add \"uses:\" and the kind of step it is", "step %s does not say what it uses", s.Name)
	}
	return s
}

func (p *parser) matrix(s *Step, n *Node) {
	if !p.wantMap(n, "matrix") {
		return
	}
	for _, f := range n.Fields {
		p.name(f, "axis")
		a := Axis{Name: f.Key, Pos: f.Pos}
		switch {
		case f.Value.Kind == List && len(f.Value.Items) == 0:
			p.ms.Add(f.Value.Pos, "", "axis %s has no values", f.Key)
		case f.Value.Kind == List:
			a.Values = f.Value.Items
		case f.Value.Kind == Scalar && strings.Count(f.Value.Text, ".") == 1:
			ref := p.ref(f.Value)
			a.From = &ref
		default:
			p.ms.Add(f.Value.Pos, "write [a, b], or split.hold for the axis of another step",
				"axis %s: want a list of values or the axis of another step, found %s", f.Key, f.Value.describe())
			continue
		}
		s.Matrix = append(s.Matrix, a)
	}
}

func (p *parser) inputs(s *Step, n *Node) {
	if !p.wantMap(n, "in") {
		return
	}
	for _, f := range n.Fields {
		port := Port{Name: f.Key, Pos: f.Pos}
		list := []*Node{f.Value}
		if f.Value.Kind == List {
			list = f.Value.Items
		}
		for _, item := range list {
			port.Refs = append(port.Refs, p.ref(item))
		}
		s.In = append(s.In, port)
	}
}

func (p *parser) ref(n *Node) Ref {
	r := Ref{Pos: n.Pos}
	if n.Kind != Scalar || n.Tag == "!!null" {
		p.ms.Add(n.Pos, "write a source's name, or step.output", "want the name of an artifact, found %s", n.describe())
		return r
	}
	r.Step, r.Port, _ = strings.Cut(n.Text, ".")
	return r
}

var nameForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

func (p *parser) name(f Field, what string) {
	if !nameForm.MatchString(f.Key) || len(f.Key) > 100 {
		p.ms.Add(f.Pos, "use letters, digits, _ and -, beginning with a letter", "%s name %q", what, clip(f.Key))
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
