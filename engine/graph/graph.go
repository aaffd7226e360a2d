// Package graph resolves a recipe to a graph of nodes: every step at every point of its
// matrix, its parameters decoded and checked, its inputs bound to the outputs that they
// read.
//
// Call [New]. Read graph.go and bind.go first (what depends on what), then matrix.go
// (one step, many nodes), limits.go (what a node needs of a machine) and target.go (how
// users name nodes). All mistakes of a recipe are found at once; see package recipe.
package graph

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"assay/engine/recipe"
	"assay/engine/step"
)

// A Graph is a recipe whose steps, parameters and connections were checked.
type Graph struct {
	Recipe *recipe.Recipe
	Nodes  []*Node // each after those it depends on

	slots map[string]int // the recipe's named resources
	data  map[string]*Listing
}

// A Node is a step at one point of its matrix.
type Node struct {
	Step    string
	Labels  step.Labels // its point of the matrix, axes in the order of the recipe
	Kind    *step.Kind
	Params  json.RawMessage // canonical: every parameter, in the kind's order
	Inputs  []Binding       // one per connected port, in the kind's order
	Outputs []step.Port
	Limits  Limits

	values params
}

// params is the decoded form of Params, a pointer to the kind's struct.
type params any

// A Binding is what one port reads.
type Binding struct {
	Port  step.Port
	Feeds []Feed
}

// A Feed is one artifact that a port reads: a source, or an output of a node.
type Feed struct {
	Source string      // the source's name; "" if a node makes the artifact
	Node   *Node       // nil for a source
	Output string      // the node's port
	Labels step.Labels // the coordinates by which it was gathered
	Part   *Part       // the files of it that are read; nil for all
}

// Name returns "gbt[hold=sample,view=oracle]", the node's name for people and
// in locks.
func (n *Node) Name() string {
	if len(n.Labels) == 0 {
		return n.Step
	}
	return n.Step + "[" + n.Labels.String() + "]"
}

// Sharded reports whether a node is executed once per shard.
func (n *Node) Sharded(shards int) bool {
	for _, b := range n.Inputs {
		if b.Port.Shard && shards > 1 {
			return true
		}
	}
	return false
}

// New resolves a recipe against the known kinds. Mistakes are added to ms; the graph may
// be used only if there are none.
func New(r *recipe.Recipe, kinds []*step.Kind, ms *recipe.Mistakes) *Graph {
	b := &builder{r: r, ms: ms, env: r.Env(), decode: recipe.NewDecoder(ms), kinds: map[string]*step.Kind{},
		steps: map[string]*builtStep{}, data: map[string]*Listing{}}
	for _, k := range kinds {
		b.kinds[k.Name] = k
	}
	b.slots = b.slotsOf()
	for _, s := range r.Steps {
		b.steps[s.Name] = &builtStep{recipe: s}
	}
	for _, s := range r.Steps {
		b.build(b.steps[s.Name])
	}
	for _, s := range r.Steps {
		b.bind(b.steps[s.Name])
	}
	b.checkOutputs()
	b.checkFolders()
	b.checkLock()
	g := &Graph{Recipe: r, slots: b.slots, data: b.data}
	for _, s := range b.sorted() {
		g.Nodes = append(g.Nodes, s.nodes...)
	}
	return g
}

// builder resolves one recipe.
type builder struct {
	r      *recipe.Recipe
	ms     *recipe.Mistakes
	env    recipe.Env // the recipe's parameters
	kinds  map[string]*step.Kind
	steps  map[string]*builtStep
	slots  map[string]int
	decode *recipe.Decoder
	data   map[string]*Listing // sources that axes take their values from
}

// builtStep is a step while the graph is built.
type builtStep struct {
	recipe  *recipe.Step
	kind    *step.Kind // nil if unknown
	inputs  []step.Port
	outputs []step.Port
	vague   bool // its ports are unknown: its params name them, and have mistakes
	axes    []axis
	points  [][]coordinate
	unknown bool  // its points are unknown because of a mistake already reported
	state   visit // in the search for axes that take their values from each other
	nodes   []*Node
}

// at returns a function that returns the values of ${name} at a point of one step. All points of a step have the
// same axes, so they share one map: it is that of the point that was asked for last.
func (b *builder) at() func(point []coordinate) recipe.Env {
	env, own := b.env, false
	return func(point []coordinate) recipe.Env {
		if len(point) > 0 && !own {
			env, own = maps.Clone(b.env), true
		}
		for _, c := range point {
			env[c.axis] = c.value
		}
		return env
	}
}

// build makes the nodes of a step, without their inputs.
func (b *builder) build(s *builtStep) {
	if s.kind = b.kinds[s.recipe.Uses]; s.kind == nil && s.recipe.Uses != "" {
		b.ms.Add(s.recipe.UsesPos, recipe.Suggest(s.recipe.Uses, slices.Sorted(maps.Keys(b.kinds))),
			"step %s uses an unknown kind %q", s.recipe.Name, s.recipe.Uses)
	}
	limits, env := b.limits(s), b.at()
	for _, point := range b.points(s) {
		n := &Node{Step: s.recipe.Name, Kind: s.kind, Limits: limits}
		if len(point) > 0 {
			n.Labels = make(step.Labels, len(point))
		}
		for i, c := range point {
			n.Labels[i] = step.Label{Axis: c.axis, Value: c.label}
		}
		b.params(s, n, env(point))
		s.nodes = append(s.nodes, n)
	}
	b.ports(s)
}

// ports sets the ports of a step and of its nodes. The recipe names those of an open
// kind.
func (b *builder) ports(s *builtStep) {
	if s.kind == nil {
		return
	}
	s.inputs, s.outputs = s.kind.Inputs, s.kind.Outputs
	for _, n := range s.nodes {
		n.Outputs = s.outputs
	}
	if !s.kind.Open {
		return
	}
	for _, n := range s.nodes {
		p := n.values.(step.Porter)
		n.Outputs, s.outputs, s.inputs = p.OutPorts(), p.OutPorts(), nil
		for _, in := range s.recipe.In {
			s.inputs = append(s.inputs, p.InPort(in.Name))
		}
	}
	slices.SortFunc(s.inputs, func(a, b step.Port) int { return strings.Compare(a.Name, b.Name) })
}

// sorted returns the steps, each after those it depends on, and adds a mistake
// for every ring of steps.
func (b *builder) sorted() []*builtStep {
	var out []*builtStep
	state := map[*builtStep]visit{}
	var enter func(s *builtStep, trail []string)
	enter = func(s *builtStep, trail []string) {
		trail = append(trail, s.recipe.Name)
		switch state[s] {
		case done:
			return
		case active:
			from := slices.Index(trail, s.recipe.Name)
			b.ms.Add(s.recipe.Pos, "", "step %s depends on itself: %s", s.recipe.Name, strings.Join(trail[from:],
				" needs "))
			return
		}
		state[s] = active
		for _, port := range s.recipe.In {
			for _, ref := range port.Refs {
				if up := b.steps[ref.Step]; up != nil && ref.Port != "" {
					enter(up, trail)
				}
			}
		}
		state[s] = done
		out = append(out, s)
	}
	for _, s := range b.r.Steps {
		enter(b.steps[s.Name], nil)
	}
	return out
}

// visit is how far a search has got with a step.
type visit int

const (
	unseen visit = iota
	active
	done
)
