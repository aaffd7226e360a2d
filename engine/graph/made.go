package graph

import (
	"io/fs"

	"assay/artifacts"
	"assay/engine/graph/files"
	"assay/engine/recipe"
	"assay/engine/step"
)

// A Lookup returns what a node made, for an axis of a step that takes its values from there: the files of an
// output and how to read them; false if they are not made yet. Nodes are named as by [Node.Name].
type Lookup func(step, node, output string) (artifacts.Tree, fs.FS, bool)

// outputOf returns the files of the one node whose output an axis names. The step waits if they are not made.
func (b *builder) outputOf(s *builtStep, a recipe.Axis) *files.Listing {
	ref := a.Data.From
	from := b.upstream(s, a)
	if from == nil {
		return nil
	}
	if from.unknown {
		s.follow(from)
		return nil
	}
	if ref.Node == "" {
		return b.made(s, from, from.points[0], ref.Port)
	}
	var found [][]coordinate
	for _, p := range from.points {
		n := &Node{Step: ref.Step, Labels: labelsOf(p)}
		if n.Name() == ref.Node || n.Matches(ref.Node) {
			found = append(found, p)
		}
	}
	if len(found) != 1 {
		what, hint := "no node is named", recipe.Suggest(ref.Node, nodeNames(from))
		if len(found) > 1 {
			what, hint = "more than one node has the coordinates", "write all of them: "+nodeNames(from)[0]
		}
		b.ms.Add(ref.Pos, hint, "axis %s: %s %s", a.Name, what, ref.Node)
		return nil
	}
	return b.made(s, from, found[0], ref.Port)
}

// upstream returns the step whose output an axis names, with its points; nil if there is a mistake.
func (b *builder) upstream(s *builtStep, a recipe.Axis) *builtStep {
	ref := a.Data.From
	from := b.steps[ref.Step]
	switch {
	case from == nil:
		b.ms.Add(ref.Pos, recipe.Suggest(ref.Step, stepNames(b.r)), "axis %s: no step is named %q", a.Name, ref.Step)
		return nil
	case from == s:
		b.ms.Add(ref.Pos, "", "axis %s: step %s takes its values from itself", a.Name, ref.Step)
		return nil
	case from.state == active:
		b.ms.Add(ref.Pos, "", "axis %s: steps %s and %s take their axes from each other", a.Name, s.recipe.Name, ref.Step)
		return nil
	}
	b.points(from)
	return from
}

// made returns the files of an output of the node at a point of a step; nil if it is not made yet, and then step
// s waits for it.
func (b *builder) made(s, from *builtStep, at []coordinate, output string) *files.Listing {
	name := (&Node{Step: from.recipe.Name, Labels: labelsOf(at)}).Name()
	if b.lookup != nil {
		if tree, made, ok := b.lookup(s.recipe.Name, name, output); ok {
			s.taken = append(s.taken, awaited{from, name})
			return files.OfOutput(name+"."+output, tree, made)
		}
	}
	s.pending, s.unknown = true, true
	s.after = append(s.after, awaited{from, name})
	return nil
}

// awaited is a node whose output the points of a step depend on.
type awaited struct {
	of   *builtStep
	node string
}

// follow makes the points of a step depend on those of another one.
func (s *builtStep) follow(from *builtStep) {
	s.taken = append(s.taken, from.taken...)
	if from.pending {
		s.pending, s.unknown = true, true
		s.needs = append(s.needs, from)
	}
}

// nodesOf returns the nodes that are meant, each once, without those of steps that are not known yet.
func nodesOf(list []awaited) []*Node {
	named := map[*builtStep]map[string]*Node{}
	var out []*Node
	for _, a := range list {
		if named[a.of] == nil {
			named[a.of] = map[string]*Node{}
			for _, n := range a.of.nodes {
				named[a.of][n.Name()] = n
			}
		}
		if n := named[a.of][a.node]; n != nil && !a.of.later {
			out = append(out, n)
			delete(named[a.of], a.node)
		}
	}
	return out
}

// checkData checks the outputs that the axes of a step name.
func (b *builder) checkData(s *builtStep) {
	for _, a := range s.recipe.Matrix.Axes {
		if a.Data != nil && a.Data.From.Port != "" && b.steps[a.Data.From.Step] != nil {
			b.resolve(a.Data.From)
		}
	}
}

func labelsOf(p []coordinate) step.Labels {
	var labels step.Labels
	for _, c := range p {
		labels = append(labels, step.Label{Axis: c.axis, Value: c.label})
	}
	return labels
}

// nodeNames returns the names of a step's nodes, for hints.
func nodeNames(s *builtStep) []string {
	return recipe.NamesOf(s.points[:min(len(s.points), files.MaxNearest)], func(p []coordinate) string {
		return (&Node{Step: s.recipe.Name, Labels: labelsOf(p)}).Name()
	})
}
