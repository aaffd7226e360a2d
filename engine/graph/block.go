package graph

import (
	"slices"

	"assay/engine/graph/files"
	"assay/engine/recipe"
)

// A block is axes whose values come together: one axis, or several that the names of files give.
type block struct {
	axes []axis
	rows [][]coordinate
}

// block returns the block that an axis of the recipe gives. It has no rows if they are unknown.
func (b *builder) block(s *builtStep, a recipe.Axis) block {
	if a.Data != nil {
		return b.dataBlock(s, a)
	}
	values := b.axisValues(s, a)
	return single(axis{a.Name, values})
}

func single(a axis) block {
	out := block{axes: []axis{a}}
	for _, v := range a.values {
		out.rows = append(out.rows, []coordinate{{a.name, v.label, v.value}})
	}
	return out
}

// unknownBlock returns the axes of an entry of a matrix without values.
func unknownBlock(a recipe.Axis) block {
	var out block
	for _, name := range namesOf(a) {
		out.axes = append(out.axes, axis{name: name})
	}
	return out
}

// dataBlock returns the axes whose values stand in a source, or in what one node made.
func (b *builder) dataBlock(s *builtStep, a recipe.Axis) block {
	q := b.query(a)
	l := b.listing(s, a)
	if q == nil || l == nil {
		return unknownBlock(a) // a mistake that is reported, or it is not made yet
	}
	return b.labelled(a, q, q.Rows(l))
}

// query reads what an axis says of files; nil if there is a mistake.
func (b *builder) query(a recipe.Axis) *files.Query {
	return files.Parse(a, b.env, b.from.tables, b.ms)
}

// labelled makes the block of rows of values. Without rows, there is a mistake that is reported.
func (b *builder) labelled(a recipe.Axis, q *files.Query, rows [][]string) block {
	if len(rows) == 0 {
		return unknownBlock(a)
	}
	out := block{rows: make([][]coordinate, len(rows))}
	for i, name := range q.Names {
		ax := recipe.Axis{Name: name, Pos: a.Pos, Data: a.Data}
		for _, text := range column(rows, i) {
			ax.Values = append(ax.Values, recipe.FromData(text, a.Data.Pos))
		}
		values := b.label(ax)
		if values == nil {
			return unknownBlock(a)
		}
		by := map[string]axisValue{}
		for _, v := range values {
			by[v.value.Text] = v
		}
		for j, row := range rows {
			v := by[row[i]]
			out.rows[j] = append(out.rows[j], coordinate{name, v.label, v.value})
		}
		out.axes = append(out.axes, axis{name, values})
	}
	return out
}

// column returns the different texts in a column, sorted.
func column(rows [][]string, i int) []string {
	var list []string
	for _, row := range rows {
		list = append(list, row[i])
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// twice reports an axis that a step has twice.
func (b *builder) twice(s *builtStep) bool {
	seen := map[string]bool{}
	for _, a := range s.axes {
		if seen[a.name] {
			b.ms.Add(s.recipe.Matrix.Pos, "give one of them another name", "step %s has two axes %s", s.recipe.Name, a.name)
			return true
		}
		seen[a.name] = true
	}
	return false
}
