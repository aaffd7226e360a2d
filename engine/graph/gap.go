package graph

import (
	"slices"
	"strings"

	"assay/engine/recipe"
	"assay/engine/step"
)

// A gap is a reference that gives some nodes of a step nothing to read.
type gap struct {
	s, up *builtStep
	ref   recipe.Ref
	port  step.Port
	nodes []*Node
}

// gap adds a mistake for nodes without an input. A port that takes many accepts any
// number but zero.
func (b *builder) gap(g gap) {
	nodes := g.nodes
	if len(nodes) == 0 || g.s.unknown || g.up.unknown {
		return
	}
	if g.port.Many && len(nodes) < len(g.s.nodes) {
		nodes = slices.DeleteFunc(slices.Clone(nodes), func(n *Node) bool { return n.fed(g.port) })
	}
	hint := "axes of one name must have values in common"
	if sameAxes(g.s.axes, g.up.axes) {
		hint = "write \"matrix: " + g.up.recipe.Name + "\" to have exactly the points of " + g.up.recipe.Name +
			", or exclude what it lacks"
	}
	switch len(nodes) {
	case 0:
	case 1:
		b.ms.Add(g.ref.Pos, hint, "%s: no %s has these coordinates", nodes[0].Name(), g.ref)
	default:
		names := recipe.NamesOf(nodes[:min(len(nodes), 3)], (*Node).Name)
		if len(nodes) > len(names) {
			names = append(names, "…")
		}
		b.ms.Add(g.ref.Pos, hint, "%d nodes of %s have no %s at their coordinates: %s", len(nodes), g.s.recipe.Name,
			g.ref, strings.Join(names, ", "))
	}
}

// crowded adds a mistake for a port that takes one artifact but would get several.
func (b *builder) crowded(g gap, feeds []Feed) {
	if g.s.unknown || g.up.unknown {
		return
	}
	axis := feeds[0].Labels[0].Axis
	b.ms.Add(g.ref.Pos, "add the axis to this step's matrix: \""+axis+": "+g.up.recipe.Name+"."+axis+"\"",
		"step %s: input %s takes one artifact, but %s makes %d here", g.s.recipe.Name, g.port.Name, g.ref, len(feeds))
}

func (n *Node) fed(port step.Port) bool {
	return slices.ContainsFunc(n.Inputs, func(b Binding) bool { return b.Port.Name == port.Name && len(b.Feeds) > 0 })
}

func sameAxes(a, b []axis) bool {
	x, y := axisNames(a), axisNames(b)
	slices.Sort(x)
	slices.Sort(y)
	return len(x) > 0 && slices.Equal(x, y)
}
