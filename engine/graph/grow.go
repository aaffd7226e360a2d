package graph

import (
	"slices"

	"assay/engine/recipe"
)

// Narrow returns the part of the graph that pick returns, such as the nodes that some targets need. When the graph
// grows, pick is asked again.
func (g *Graph) Narrow(pick func(*Graph) (*Graph, error)) (*Graph, error) {
	part, err := pick(g)
	if err != nil {
		return nil, err
	}
	from := *g.from
	from.narrow = append(slices.Clip(from.narrow), pick)
	out := *part
	out.from, out.whole = &from, g.Whole()
	return &out, nil
}

// Whole returns the graph that this is a part of, or the graph itself.
func (g *Graph) Whole() *Graph {
	if g.whole != nil {
		return g.whole
	}
	return g
}

// part returns an empty part of the graph.
func (g *Graph) part() *Graph {
	return &Graph{Recipe: g.Recipe, slots: g.slots, axes: g.axes, from: g.from, whole: g.Whole()}
}

// Axes returns the nodes whose outputs the axes of a step were taken from.
func (g *Graph) Axes(step string) []*Node { return g.axes[step] }

// Grow returns the graph as it is known now that some of it has run. Nodes of g are the same in it. Mistakes are
// added to ms, and then there is no graph. The error is that of a function given to [Graph.Narrow].
func (g *Graph) Grow(made Lookup, ms *recipe.Mistakes) (*Graph, error) {
	from := &origin{kinds: g.from.kinds, tables: g.from.tables, data: g.from.data}
	next := build(g.Recipe, from, made, ms)
	if ms.Err() != nil {
		return nil, nil
	}
	next.adopt(g.Nodes)
	for _, pick := range g.from.narrow {
		var err error
		if next, err = next.Narrow(pick); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// adopt puts nodes of an earlier graph in the place of those that are the same.
func (g *Graph) adopt(nodes []*Node) {
	named := make(map[string]*Node, len(nodes))
	for _, n := range nodes {
		named[n.Name()] = n
	}
	old := make(map[*Node]*Node, len(nodes))
	for i, n := range g.Nodes {
		if o := named[n.Name()]; o != nil {
			old[n], g.Nodes[i] = o, o
			continue
		}
		n.adopt(old) // what it reads from comes before it
	}
	swap := func(list []*Node) {
		for i, n := range list {
			if o := old[n]; o != nil {
				list[i] = o
			}
		}
	}
	for _, list := range g.axes {
		swap(list)
	}
	for _, l := range g.Later {
		swap(l.After)
		for _, n := range l.Nodes {
			n.adopt(old)
		}
	}
}

// adopt makes a node read from the earlier nodes.
func (n *Node) adopt(old map[*Node]*Node) {
	for _, b := range n.Inputs {
		for i, f := range b.Feeds {
			if o := old[f.Node]; o != nil {
				b.Feeds[i].Node = o
			}
		}
	}
}
