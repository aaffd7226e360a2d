package graph

import (
	"slices"
	"strings"

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
		return b.dataBlock(a)
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

// dataBlock returns the axes whose values stand in a source.
func (b *builder) dataBlock(a recipe.Axis) block {
	names, rows := b.dataRows(a)
	if len(rows) == 0 {
		return block{axes: []axis{{name: a.Name}}} // the mistake is reported
	}
	if len(rows) > maxPoints {
		b.ms.Add(a.Data.Pos, "name fewer", "axis %s has %s values, at most %s are allowed", a.Name, grouped(len(rows)),
			grouped(maxPoints))
		return block{axes: []axis{{name: a.Name}}}
	}
	out := block{rows: make([][]coordinate, len(rows))}
	for i, name := range names {
		ax := recipe.Axis{Name: name, Pos: a.Pos, Data: a.Data}
		for _, text := range column(rows, i) {
			ax.Values = append(ax.Values, recipe.FromData(text, a.Data.Pos))
		}
		values := b.label(ax)
		if values == nil {
			return block{axes: []axis{{name: a.Name}}}
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

// sortedRows returns different rows in their order.
func sortedRows(rows [][]string) [][]string {
	slices.SortFunc(rows, slices.Compare)
	return slices.CompactFunc(rows, slices.Equal)
}

// allNames returns the names of axes that a pattern gives, for messages.
func allNames(names []string) string { return "{" + strings.Join(names, "}, {") + "}" }
