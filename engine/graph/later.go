package graph

import (
	"assay/engine/glob"
	"assay/engine/recipe"
	"assay/engine/step"
)

// A Later is a step whose nodes are known only when some steps have run: an axis takes its values from what
// they make, or it reads from such a step.
type Later struct {
	Step  string
	Kind  *step.Kind
	Known bool     // its points are known, only what its nodes read is not
	Nodes []*Node  // those at its points; one that stands for all if these are not known. They cannot be run
	After []*Node  // of the graph: what they make is looked at next for the values of axes
	Needs []*Later // steps that have to be known before
}

// Waits names what has to run or to be known before: nodes, and steps.
func (l *Later) Waits() []string {
	var list []string
	for _, n := range l.After {
		list = append(list, n.Name())
	}
	return append(list, recipe.NamesOf(l.Needs, func(up *Later) string { return up.Step })...)
}

// readsLater reports whether a step reads from one that is not known yet. Those that it reads from come before
// it.
func (b *builder) readsLater(s *builtStep) bool {
	for ref := range s.recipe.Reads() {
		if up := b.steps[ref.Step]; up != nil && ref.Port != "" && up.later {
			return true
		}
	}
	return false
}

// laters describes the steps that are not known yet.
func (b *builder) laters(order []*builtStep) []*Later {
	var list []*Later
	of := map[*builtStep]*Later{}
	for _, s := range order {
		if s.later {
			l := &Later{Step: s.recipe.Name, Kind: s.kind, Known: !s.pending, Nodes: s.nodes}
			of[s], list = l, append(list, l)
		}
	}
	for _, s := range order {
		if s.later {
			of[s].waitFor(s, of, b)
		}
	}
	return list
}

// waitFor sets what a step waits for.
func (l *Later) waitFor(s *builtStep, of map[*builtStep]*Later, b *builder) {
	seen := map[string]bool{}
	need := func(up *Later) {
		if up != nil && up != l && !seen[up.Step] {
			seen[up.Step] = true
			l.Needs = append(l.Needs, up)
		}
	}
	for _, up := range s.needs {
		need(of[up])
	}
	for ref := range s.recipe.Reads() {
		if up := b.steps[ref.Step]; up != nil && ref.Port != "" {
			need(of[up])
		}
	}
	l.After = nodesOf(s.after)
}

// unknownPoint returns a point with a coordinate, without value, for every name that the
// values of the step refer to.
func (b *builder) unknownPoint(s *builtStep) []coordinate {
	var point []coordinate
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			point = append(point, coordinate{name, "?", &recipe.Value{Form: recipe.Broken}})
		}
		seen[name] = true
	}
	for _, a := range s.axes {
		add(a.name)
	}
	for _, a := range s.recipe.Matrix.Axes {
		for _, name := range append(namesOf(a), a.Name) {
			add(name)
		}
	}
	if s.recipe.Matrix.Of == nil {
		return point
	}
	for _, name := range namesIn(s.recipe) {
		if b.env[name] == nil {
			add(name)
		}
	}
	return point
}

// namesIn returns the names of every ${name} in the parameters and inputs of a step.
func namesIn(s *recipe.Step) []string {
	names := recipe.Names(s.With)
	for _, in := range s.In {
		for _, ref := range in.Refs {
			names = append(names, ref.PathNames()...)
		}
	}
	return names
}

// namesOf returns the names of the axes that an entry of a matrix gives.
func namesOf(a recipe.Axis) []string {
	if a.Data != nil {
		if names := glob.Names(a.Data.From.String()); len(names) > 0 {
			return names
		}
	}
	return []string{a.Name}
}
