package graph

import (
	"slices"

	"assay/engine/recipe"
)

// An axis is a resolved axis of a matrix.
type axis struct {
	name   string
	values []axisValue
}

// axisValue is a value of an axis.
type axisValue struct {
	label string
	value *recipe.Value
}

// A coordinate is one axis of a point.
type coordinate struct {
	axis, label string
	value       *recipe.Value
}

// points returns the points of a step: every combination of the values of its axes, without
// those excluded and with those included, or the points of another step. If a mistake makes
// them unknown, it returns one point with unknown values, so that the rest of the step can
// still be checked.
func (b *builder) points(s *builtStep) [][]coordinate {
	if s.state != unseen {
		return s.points
	}
	s.state = active
	if s.recipe.Matrix.Of != nil {
		b.pointsOf(s, *s.recipe.Matrix.Of)
	} else {
		b.ownPoints(s)
		s.unknown = s.unknown || b.tooLongInAll(s)
	}
	if s.unknown = s.unknown || b.tooManyInAll(s); s.unknown {
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
		b.ms.Add(of.Pos, recipe.Suggest(of.Step, stepNames(b.r)), "matrix: no step is named %q", of.Step)
		return
	case from.state == active:
		b.ms.Add(of.Pos, "", "matrix: steps %s and %s take their points from each other", s.recipe.Name, of.Step)
		return
	}
	points := b.points(from)
	s.follow(from)
	if !from.unknown && len(from.axes) == 0 {
		b.ms.Add(of.Pos, "leave \"matrix:\" out", "matrix: step %s has no matrix, so it has only one point",
			of.Step)
		return
	}
	s.axes, s.points, s.unknown = from.axes, points, from.unknown
}

// ownPoints makes the points of a step from its axes: their product, joined with the axes that depend on
// others, without what is excluded, then what is included.
func (b *builder) ownPoints(s *builtStep) {
	m := s.recipe.Matrix
	var blocks []block
	var joined []recipe.Axis
	for _, a := range m.Axes {
		if b.isJoined(s, a) {
			joined = append(joined, a)
			continue
		}
		next := b.block(s, a)
		s.unknown = s.unknown || len(next.rows) == 0
		s.axes = append(s.axes, next.axes...)
		blocks = append(blocks, next)
	}
	if !s.unknown && !b.twice(s) && !b.tooMany(s, blocks) {
		s.points = product(blocks)
	}
	for _, a := range joined {
		s.points = b.join(s, a)
	}
	if s.unknown = s.unknown || len(s.points) == 0 || b.twice(s); s.unknown {
		return
	}
	b.ownList(s)
	b.exclude(s)
	b.include(s)
	if len(s.points) == 0 && !s.unknown {
		b.ms.Add(m.Pos, "exclude fewer points", "matrix: step %s has no points left", s.recipe.Name)
		s.unknown = true
	}
}

// ownList prepares a matrix that is a list of points, which are then included.
func (b *builder) ownList(s *builtStep) {
	if len(s.axes) > 0 || len(s.recipe.Matrix.Include) == 0 {
		return
	}
	for _, f := range s.recipe.Matrix.Include[0].Fields {
		s.axes = append(s.axes, axis{name: f.Key})
	}
	s.points = nil
}

// axisValues returns the values of an axis, nil if they are unknown. Values taken from
// another step are those that occur in that step's points.
func (b *builder) axisValues(s *builtStep, a recipe.Axis) []axisValue {
	if a.From == nil {
		return b.label(a)
	}
	if a.From.Step == "" {
		return nil
	}
	from := b.steps[a.From.Step]
	if from == nil {
		b.ms.Add(a.From.Pos, recipe.Suggest(a.From.Step, stepNames(b.r)), "axis %s: no step is named %q", a.Name,
			a.From.Step)
		return nil
	}
	if from.state == active {
		b.ms.Add(a.From.Pos, "", "axis %s: steps %s and %s take their axes from each other", a.Name, s.recipe.Name,
			a.From.Step)
		return nil
	}
	b.points(from)
	s.follow(from)
	for _, x := range from.axes {
		if x.name == a.From.Port {
			return x.values
		}
	}
	if !from.unknown {
		b.ms.Add(a.From.Pos, recipe.Suggest(a.From.Port, axisNames(from.axes)), "axis %s: step %s has no axis %s", a.Name,
			a.From.Step, a.From.Port)
	}
	return nil
}

// product returns every point of a matrix, the last axis changing fastest. A
// step without a matrix has the one point with no coordinates.
func product(blocks []block) [][]coordinate {
	points := [][]coordinate{nil}
	for _, a := range blocks {
		var next [][]coordinate
		for _, p := range points {
			for _, row := range a.rows {
				next = append(next, append(slices.Clone(p), row...))
			}
		}
		points = next
	}
	return points
}

func stepNames(r *recipe.Recipe) []string {
	return recipe.NamesOf(r.Steps, func(s *recipe.Step) string { return s.Name })
}
