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

// points returns where a step is done: every combination of the values of its
// axes, without those excluded and with those included, or the points of another
// step. If that cannot be known, which is reported once, it is one point whose
// values are unknown, so that the rest of the step can be looked at.
func (b *builder) points(s *builtStep) [][]coordinate {
	if s.state != unseen {
		return s.points
	}
	s.state = active
	if s.recipe.Matrix.Of != nil {
		b.pointsOf(s, *s.recipe.Matrix.Of)
	} else {
		b.ownPoints(s)
	}
	if s.unknown {
		s.points = [][]coordinate{b.unknownPoint(s)}
	}
	s.axes = occurring(s.axes, s.points)
	s.state = done
	return s.points
}

// pointsOf gives a step the points of another one: "matrix: gbt".
func (b *builder) pointsOf(s *builtStep, of recipe.Ref) {
	s.unknown = true
	from := b.steps[of.Step]
	switch {
	case of.Step == "": // reported when it was parsed
		return
	case from == s:
		b.ms.Add(of.Pos, "", "matrix: step %s takes its points from itself", of.Step)
		return
	case from == nil:
		b.ms.Add(of.Pos, recipe.Suggest(of.Step, b.stepNames()), "matrix: no step is named %q", of.Step)
		return
	case from.state == active:
		b.ms.Add(of.Pos, "", "matrix: steps %s and %s take their points from each other", s.recipe.Name, of.Step)
		return
	}
	points := b.points(from)
	if !from.unknown && len(from.axes) == 0 {
		b.ms.Add(of.Pos, "leave \"matrix:\" out", "matrix: step %s is done at one point only, it has no matrix", of.Step)
		return
	}
	s.axes, s.points, s.unknown = from.axes, points, from.unknown
}

func (b *builder) ownPoints(s *builtStep) {
	m := s.recipe.Matrix
	for _, a := range m.Axes {
		values := b.axisValues(s, a)
		s.unknown = s.unknown || values == nil
		s.axes = append(s.axes, axis{a.Name, values})
	}
	if s.unknown {
		return
	}
	s.points = product(s.axes)
	if len(s.axes) == 0 && len(m.Include) > 0 {
		for _, f := range m.Include[0].Fields { // a matrix that is a list of points
			s.axes = append(s.axes, axis{name: f.Key})
		}
		s.points = nil
	}
	b.exclude(s)
	b.include(s)
	if len(s.points) == 0 && !s.unknown {
		b.ms.Add(m.Pos, "exclude fewer", "matrix: step %s has no points left", s.recipe.Name)
		s.unknown = true
	}
}

// unknownPoint has every name that the step's values mention, and no values.
func (b *builder) unknownPoint(s *builtStep) []coordinate {
	var point []coordinate
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] && b.env[name] == nil {
			point = append(point, coordinate{name, "?", &recipe.Node{Kind: recipe.Broken}})
		}
		seen[name] = true
	}
	for _, a := range s.recipe.Matrix.Axes {
		add(a.Name)
	}
	if s.recipe.Matrix.Of != nil {
		for _, name := range recipe.Names(s.recipe.With) {
			add(name)
		}
	}
	return point
}

// axisValues returns the values of an axis, nil if they cannot be known. Those
// taken from another step are the ones that occur in that step's points.
func (b *builder) axisValues(s *builtStep, a recipe.Axis) []axisValue {
	if a.From == nil {
		return b.label(a)
	}
	if a.From.Step == "" {
		return nil
	}
	from := b.steps[a.From.Step]
	if from == nil {
		b.ms.Add(a.From.Pos, recipe.Suggest(a.From.Step, b.stepNames()), "axis %s: no step is named %q", a.Name, a.From.Step)
		return nil
	}
	if from.state == active {
		b.ms.Add(a.From.Pos, "", "axis %s: steps %s and %s take their axes from each other", a.Name, s.recipe.Name, a.From.Step)
		return nil
	}
	b.points(from)
	var names []string
	for _, x := range from.axes {
		if x.name == a.From.Port {
			return x.values
		}
		names = append(names, x.name)
	}
	if !from.unknown {
		b.ms.Add(a.From.Pos, recipe.Suggest(a.From.Port, names), "axis %s: step %s has no axis %s", a.Name, a.From.Step, a.From.Port)
	}
	return nil
}

// label names the values of an axis. Equal labels fall back to the value
// written out; two equal values are a mistake.
func (b *builder) label(a recipe.Axis) []axisValue {
	if len(a.Values) == 0 {
		return nil // reported when it was parsed
	}
	out := make([]axisValue, len(a.Values))
	count := map[string]int{}
	for i, v := range a.Values {
		v = recipe.Resolve(v, b.env, b.ms)
		if !v.Known() {
			return nil
		}
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
