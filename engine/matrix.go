package engine

import (
	"slices"
	"strings"

	"assay/engine/recipe"
)

// An axis is a resolved axis of a matrix.
type axis struct {
	name   string
	values []axisValue
}

type axisValue struct {
	label string
	node  *recipe.Node
}

// A coordinate is one axis of a point.
type coordinate struct {
	axis, label string
	value       *recipe.Node
}

// axes resolves the axes of a step; those taken from another step come with
// that step's own values.
func (b *builder) axes(s *builtStep) []axis {
	switch s.state {
	case done:
		return s.axes
	case active:
		return nil // the ring is reported where it was entered
	}
	s.state = active
	for _, a := range s.recipe.Matrix {
		values := b.axisValues(s, a)
		if values != nil {
			s.axes = append(s.axes, axis{a.Name, values})
		}
	}
	s.state = done
	return s.axes
}

func (b *builder) axisValues(s *builtStep, a recipe.Axis) []axisValue {
	if a.From == nil {
		return b.label(a)
	}
	from := b.steps[a.From.Step]
	if from == nil {
		b.ms.Add(a.From.Pos, recipe.Suggest(a.From.Step, b.stepNames()), "axis %s: no step %s", a.Name, a.From.Step)
		return nil
	}
	if from.state == active {
		b.ms.Add(a.From.Pos, "", "axis %s: steps %s and %s take their axes from each other", a.Name, s.recipe.Name, a.From.Step)
		return nil
	}
	var names []string
	for _, x := range b.axes(from) {
		if x.name == a.From.Port {
			return x.values
		}
		names = append(names, x.name)
	}
	b.ms.Add(a.From.Pos, recipe.Suggest(a.From.Port, names), "axis %s: step %s has no axis %s", a.Name, a.From.Step, a.From.Port)
	return nil
}

// label names the values of an axis. Equal labels fall back to the value
// written out; two equal values are a mistake.
func (b *builder) label(a recipe.Axis) []axisValue {
	out := make([]axisValue, len(a.Values))
	count := map[string]int{}
	for i, v := range a.Values {
		v = recipe.Resolve(v, b.r.Env(), b.ms)
		out[i] = axisValue{clean(shortLabel(v)), v}
		count[out[i].label]++
	}
	seen := map[string]bool{}
	for i, v := range out {
		if count[v.label] > 1 {
			out[i].label = clean(v.node.Compact())
		}
		if seen[out[i].label] {
			b.ms.Add(a.Values[i].Pos, "remove one of the two", "axis %s: value %s is there twice", a.Name, v.node.Compact())
			return nil
		}
		seen[out[i].label] = true
	}
	return out
}

// shortLabel names a value by its scalars: {by: host, test: [a, b]} is
// "host-a+b".
func shortLabel(n *recipe.Node) string {
	switch n.Kind {
	case recipe.List:
		list := make([]string, len(n.Items))
		for i, item := range n.Items {
			list[i] = shortLabel(item)
		}
		return strings.Join(list, "+")
	case recipe.Map:
		list := make([]string, len(n.Fields))
		for i, f := range n.Fields {
			list[i] = shortLabel(f.Value)
		}
		return strings.Join(list, "-")
	}
	return n.Text
}

// clean keeps labels to what needs no quoting in a lock, a shell's double
// quotes or a file name.
func clean(label string) string {
	label = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("._%+:-", r):
			return r
		case r == '[' || r == ']' || r == '{' || r == '}' || r == ',':
			return '-'
		}
		return '_'
	}, label)
	if label == "" || strings.Trim(label, ".") == "" {
		return "_"
	}
	return label
}

// product returns every point of a matrix, the last axis changing fastest. A
// step without a matrix has the one point with no coordinates.
func product(axes []axis) [][]coordinate {
	points := [][]coordinate{nil}
	for _, a := range axes {
		var next [][]coordinate
		for _, p := range points {
			for _, v := range a.values {
				next = append(next, append(slices.Clone(p), coordinate{a.name, v.label, v.node}))
			}
		}
		points = next
	}
	return points
}

func (b *builder) stepNames() []string {
	var list []string
	for _, s := range b.r.Steps {
		list = append(list, s.Name)
	}
	return list
}
