package diagram

import (
	"cmp"
	"slices"
)

// sweeps is how often the columns are improved.
const sweeps = 12

// order sorts each column by the mean position of the cells that its cells are connected to,
// in turn on the left and on the right, and keeps the order with the fewest crossings.
func (l *layout) order() {
	l.number()
	best, least := l.snapshot(), l.crossings()
	for i := range sweeps {
		l.sweep(i, sortByNeighbours)
		if n := l.crossings(); n < least {
			best, least = l.snapshot(), n
		}
	}
	l.layers = best
	l.number()
}

// sweep calls improve for every column: in even rounds from left to right with the cells on the
// left of each cell, in odd rounds from right to left with those on its right.
func (l *layout) sweep(round int, improve func(column []*cell, near func(*cell) []*cell)) {
	for k := range l.layers {
		if round%2 == 0 {
			improve(l.layers[k], func(c *cell) []*cell { return c.in })
		} else {
			improve(l.layers[len(l.layers)-1-k], func(c *cell) []*cell { return c.out })
		}
	}
}

// sortByNeighbours sorts a column by the mean position of the cells near each cell.
func sortByNeighbours(column []*cell, near func(*cell) []*cell) {
	for _, c := range column {
		c.key = float64(c.pos)
		if list := near(c); len(list) > 0 {
			sum := 0
			for _, n := range list {
				sum += n.pos
			}
			c.key = float64(sum) / float64(len(list))
		}
	}
	slices.SortStableFunc(column, func(a, b *cell) int { return cmp.Compare(a.key, b.key) })
	for i, c := range column {
		c.pos = i
	}
}

func (l *layout) number() {
	for _, column := range l.layers {
		for i, c := range column {
			c.pos = i
		}
	}
}

func (l *layout) snapshot() [][]*cell {
	out := make([][]*cell, len(l.layers))
	for i, column := range l.layers {
		out[i] = slices.Clone(column)
	}
	return out
}

// crossings counts the pairs of arrows that cross between columns. For each arrow, from top to
// bottom, it counts the earlier arrows that end below it, with a Fenwick tree.
func (l *layout) crossings() int {
	total := 0
	for k := 0; k+1 < len(l.layers); k++ {
		tree := make([]int, len(l.layers[k+1])+1)
		seen := 0
		for _, c := range l.layers[k] {
			ends := make([]int, len(c.out))
			for i, n := range c.out {
				ends[i] = n.pos
			}
			for _, p := range ends {
				upTo := 0
				for i := p + 1; i > 0; i -= i & -i {
					upTo += tree[i]
				}
				total += seen - upTo
			}
			for _, p := range ends {
				seen++
				for i := p + 1; i < len(tree); i += i & -i {
					tree[i]++
				}
			}
		}
	}
	return total
}
