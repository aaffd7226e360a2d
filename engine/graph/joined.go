package graph

import (
	"slices"
	"strings"

	"assay/engine/graph/files"
	"assay/engine/recipe"
)

// isJoined reports whether an axis takes its values from the output of a step that has axes itself. Its values
// may then differ from point to point: those at sample=a are what the node with sample=a made.
func (b *builder) isJoined(s *builtStep, a recipe.Axis) bool {
	if a.Data == nil || a.Data.From.Port == "" || a.Data.From.Node != "" {
		return false
	}
	from := b.steps[a.Data.From.Step]
	if from == nil || from == s || from.state == active {
		return false // a mistake
	}
	b.points(from)
	return len(from.axes) > 0
}

// join adds a joined axis to the points of a step, each with the values that the node at its coordinates made.
// It returns no points if they are unknown.
func (b *builder) join(s *builtStep, a recipe.Axis) [][]coordinate {
	q, from := b.query(a), b.steps[a.Data.From.Step]
	on, before := axisNames(from.axes), len(s.axes)
	fits := b.canJoin(s, a, on)
	s.axes = append(s.axes, unknownBlock(a).axes...)
	s.follow(from)
	if s.unknown = s.unknown || from.unknown || q == nil || !fits; s.unknown {
		return nil
	}
	j := &joint{rows: map[string][][]string{}, on: on}
	if !b.collect(s, a, q, j) {
		s.unknown = true
		return nil
	}
	all := files.Sorted(slices.Concat(j.parts...))
	next := b.labelled(a, q, all)
	if s.unknown = len(next.rows) == 0 || b.tooManyJoined(s, j); s.unknown {
		return nil
	}
	s.axes = append(s.axes[:before], next.axes...)
	return j.extend(s.points, all, next.rows)
}

// A joint is the rows of values of a joined axis, by coordinates.
type joint struct {
	on    []string              // the axes
	rows  map[string][][]string // by the text of the coordinates on these
	parts [][][]string          // the rows in the order of the points
}

// collect reads the values at the points of a step. It returns false if some are unknown.
func (b *builder) collect(s *builtStep, a recipe.Axis, q *files.Query, j *joint) bool {
	ref := a.Data.From
	from := b.steps[ref.Step]
	at := map[string][]coordinate{}
	for _, p := range from.points {
		at[textAt(p, j.on)] = p
	}
	lists := map[string]*files.Listing{}
	for _, p := range s.points {
		key := textAt(p, j.on)
		if _, seen := lists[key]; seen {
			continue
		}
		if at[key] == nil {
			name := (&Node{Step: ref.Step, Labels: labelsOf(only(p, j.on))}).Name()
			b.ms.Add(ref.Pos, "take the axis from there too, or exclude the value there", "axis %s: there is no %s", a.Name,
				name)
			return false
		}
		lists[key] = b.made(s, from, at[key], ref.Port)
	}
	if s.pending {
		return false
	}
	for _, p := range s.points {
		key := textAt(p, j.on)
		if _, seen := j.rows[key]; seen {
			continue
		}
		j.rows[key] = q.Rows(lists[key])
		j.parts = append(j.parts, j.rows[key])
		if len(j.rows[key]) == 0 {
			return false // reported
		}
	}
	return true
}

// extend returns the points with the coordinates of their rows. all has every row once, and with its coordinates.
func (j *joint) extend(points [][]coordinate, all [][]string, with [][]coordinate) [][]coordinate {
	of := make(map[string][]coordinate, len(all))
	for i, row := range all {
		of[strings.Join(row, "\x00")] = with[i]
	}
	var out [][]coordinate
	for _, p := range points {
		for _, row := range j.rows[textAt(p, j.on)] {
			out = append(out, append(slices.Clone(p), of[strings.Join(row, "\x00")]...))
		}
	}
	return out
}

// canJoin refuses an axis that does not say which node's output is meant.
func (b *builder) canJoin(s *builtStep, a recipe.Axis, on []string) bool {
	ref := a.Data.From
	for _, name := range on {
		if slices.Contains(namesOf(a), name) {
			b.ms.Add(a.Pos, "give this axis another name", "axis %s: step %s has an axis %s itself", a.Name, ref.Step, name)
			return false
		}
		if !slices.Contains(axisNames(s.axes), name) {
			b.ms.Add(ref.Pos, "write \""+name+": "+ref.Step+"."+name+"\" above it to join them, or name one node: "+
				ref.Step+"["+name+"=…]."+ref.Port, "axis %s: step %s has the axis %s, so %s.%s is several artifacts", a.Name,
				ref.Step, name, ref.Step, ref.Port)
			return false
		}
	}
	return true
}

// tooManyJoined reports a matrix that a joined axis makes too large.
func (b *builder) tooManyJoined(s *builtStep, j *joint) bool {
	n := 0
	for _, p := range s.points {
		n += len(j.rows[textAt(p, j.on)])
	}
	if n > maxPoints {
		b.ms.Add(s.recipe.Matrix.Pos, "give the axes fewer values", "step %s would have %s nodes, at most %s are allowed",
			s.recipe.Name, grouped(n), grouped(maxPoints))
	}
	return n > maxPoints
}

// textAt returns the coordinates of a point on some axes as text. Labels contain no slash.
func textAt(p []coordinate, axes []string) string {
	return coordinates(labelsOf(p), axes)
}

// only returns the coordinates of a point on some axes.
func only(p []coordinate, axes []string) []coordinate {
	return slices.DeleteFunc(slices.Clone(p), func(c coordinate) bool { return !slices.Contains(axes, c.axis) })
}
