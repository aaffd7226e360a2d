// Package graph resolves a recipe to a graph of nodes: every step at every point of its
// matrix, its parameters decoded and checked, its inputs bound to the outputs that they
// read.
//
// Call [New]. Read graph.go and bind.go first (what depends on what), then matrix.go
// (one step, many nodes), later.go and grow.go (nodes that are known when others have run),
// limits.go (what a node needs of a machine) and target.go (how users name nodes). All
// mistakes of a recipe are found at once; see package recipe.
package graph

import (
	"encoding/json"
	"maps"
	"slices"

	"assay/engine/graph/files"
	"assay/engine/recipe"
	"assay/engine/step"
)

// A Graph is a recipe whose steps, parameters and connections were checked.
type Graph struct {
	Recipe *recipe.Recipe
	Nodes  []*Node  // each after those it depends on
	Later  []*Later // steps of which not all is known yet, in the same order; see [Graph.Grow]

	slots map[string]int     // the recipe's named resources
	axes  map[string][]*Node // whose outputs the axes of a step were taken from, by the step's name
	from  *origin
	whole *Graph // that this is a part of; nil if it is whole itself
}

// origin is what a graph is made from, again whenever it grows.
type origin struct {
	kinds  []*step.Kind
	tables []files.Table
	data   map[string]*files.Listing      // sources that axes take their values from
	narrow []func(*Graph) (*Graph, error) // see [Graph.Narrow]
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
	Part   *files.Part // the files of it that are read; nil for all
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

// New resolves a recipe against the known kinds. Axes may take their values from CSV, TSV and the given formats
// of tables. Mistakes are added to ms; the graph may be used only if there are none.
func New(r *recipe.Recipe, kinds []*step.Kind, ms *recipe.Mistakes, tables ...files.Table) *Graph {
	return build(r, &origin{kinds: kinds, tables: tables, data: map[string]*files.Listing{}}, nil, ms)
}

// build resolves a recipe as far as it is known what steps made.
func build(r *recipe.Recipe, from *origin, made Lookup, ms *recipe.Mistakes) *Graph {
	b := &builder{r: r, ms: ms, env: r.Env(), kinds: map[string]*step.Kind{}, steps: map[string]*builtStep{},
		from: from, lookup: made}
	for _, k := range from.kinds {
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
		b.checkData(b.steps[s.Name])
	}
	b.checkOutputs()
	b.checkFolders()
	b.checkLock()
	g := &Graph{Recipe: r, slots: b.slots, from: from, axes: map[string][]*Node{}}
	order := b.sorted()
	for _, s := range order {
		if s.later = s.pending || b.readsLater(s); !s.later {
			g.Nodes = append(g.Nodes, s.nodes...)
		}
		if len(s.taken) > 0 {
			g.axes[s.recipe.Name] = nodesOf(s.taken)
		}
	}
	g.Later = b.laters(order)
	return g
}

// builder resolves one recipe.
type builder struct {
	r     *recipe.Recipe
	ms    *recipe.Mistakes
	env   recipe.Env // the recipe's parameters
	kinds map[string]*step.Kind
	steps map[string]*builtStep
	slots map[string]int

	from   *origin
	lookup Lookup // nil before anything is made
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

	pending bool         // its points are unknown because they depend on what is not made yet
	after   []awaited    // this
	needs   []*builtStep // and the points of these
	taken   []awaited    // what its points were taken from
	later   bool         // its points or what its nodes read are not known yet
}

// at returns the values of ${name} at a point.
func (b *builder) at(point []coordinate) recipe.Env {
	if len(point) == 0 {
		return b.env
	}
	env := maps.Clone(b.env)
	for _, c := range point {
		env[c.axis] = c.value
	}
	return env
}

// build makes the nodes of a step, without their inputs.
func (b *builder) build(s *builtStep) {
	if s.kind = b.kinds[s.recipe.Uses]; s.kind == nil && s.recipe.Uses != "" {
		b.ms.Add(s.recipe.UsesPos, recipe.Suggest(s.recipe.Uses, slices.Sorted(maps.Keys(b.kinds))),
			"step %s uses an unknown kind %q", s.recipe.Name, s.recipe.Uses)
	}
	limits := b.limits(s)
	for _, point := range b.points(s) {
		n := &Node{Step: s.recipe.Name, Kind: s.kind, Limits: limits}
		for _, c := range point {
			n.Labels = append(n.Labels, step.Label{Axis: c.axis, Value: c.label})
		}
		b.params(s, n, b.at(point))
		s.nodes = append(s.nodes, n)
	}
	b.ports(s)
}
