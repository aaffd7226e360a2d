package graph

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"assay/engine/recipe"
)

// Limits on a graph: far more than anybody can look at, and far less than a machine can hold.
// Axes multiply, so a few more values can be far too many.
const (
	maxPoints = 100_000 // of a step
	maxInAll  = 200_000 // of a recipe
)

// tooMany reports a matrix that is too large, before it is expanded.
func (b *builder) tooMany(s *builtStep, blocks []block) bool {
	n := combinations(blocks)
	if n <= maxPoints {
		return false
	}
	many := grouped(n)
	if n == math.MaxInt {
		many = "more than " + many
	}
	var sizes []string
	for _, a := range s.axes {
		sizes = append(sizes, fmt.Sprintf("%s has %s", a.name, grouped(len(a.values))))
	}
	hint := "give the axes fewer values (" + strings.Join(sizes[:min(len(sizes), 10)], ", ") +
		"), or list the points under \"include:\" instead; what is excluded counts too"
	b.ms.Add(s.recipe.Matrix.Pos, hint, "step %s would have %s nodes, at most %s are allowed", s.recipe.Name, many,
		grouped(maxPoints))
	return true
}

// combinations returns how many points axes have, or the largest int if there are more.
func combinations(blocks []block) int {
	n := 1
	for _, a := range blocks {
		if len(a.rows) > 0 && n > math.MaxInt/len(a.rows) {
			return math.MaxInt
		}
		n *= len(a.rows)
	}
	return n
}

// tooManyInAll reports a step whose points, together with those of the steps before, are
// too many. It skips small steps: there may be thousands, and their points are written
// one by one.
func (b *builder) tooManyInAll(s *builtStep) bool {
	n := len(s.points)
	if n <= 100 {
		return false
	}
	for _, other := range b.steps {
		if other.state == done {
			n += len(other.points)
		}
	}
	if n > maxInAll {
		b.ms.Add(s.recipe.Matrix.Pos, "give its axes fewer values, or split the recipe in two",
			"with step %s the recipe would have %s nodes, at most %s are allowed", s.recipe.Name, grouped(n),
			grouped(maxInAll))
	}
	return n > maxInAll
}

// grouped writes a number as 12,960,000.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// The labels of a node, axis by axis, are the name of a folder among the inputs of a
// step and below "outputs:". File names have at most 255 bytes.
const (
	maxLabel  = 200 // bytes of one label
	maxLabels = 255 // bytes of "axis=label,axis=label"
)

const shortValues = "use a short value, such as a number or a name, and put the long text into a file or a parameter"

// tooLong reports a value whose label is too long to be part of a folder's name.
func (b *builder) tooLong(pos recipe.Pos, axis, label string) bool {
	if len(label) <= maxLabel {
		return false
	}
	b.ms.Add(pos, shortValues, "axis %s: a value has a label of %d bytes, which is part of the names of folders; at most "+
		"%d are allowed", axis, len(label), maxLabel)
	return true
}

// tooLongInAll reports a step with a point whose labels together are too long.
func (b *builder) tooLongInAll(s *builtStep) bool {
	for _, p := range s.points {
		size := len(p) - 1 // commas
		for _, c := range p {
			size += len(c.axis) + len("=") + len(c.label)
		}
		if size > maxLabels {
			b.ms.Add(s.recipe.Matrix.Pos, shortValues, "step %s: the labels of one of its nodes take %d bytes "+
				"together, and are the name of a folder; at most %d are allowed", s.recipe.Name, size, maxLabels)
			return true
		}
	}
	return false
}
