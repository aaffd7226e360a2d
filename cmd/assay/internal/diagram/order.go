package diagram

import (
	"cmp"
	"slices"
)

// sweeps is how often the order of the columns is improved, to and fro.
const sweeps = 12

// order sorts each column by the mean place of what its cells are connected
// to, alternately on the left and on the right, and keeps the best order met.
func (l *layout) order() {
	l.number()
	best, least := l.snapshot(), l.crossings()
	for i := range sweeps {
		for k := range l.layers {
			if i%2 == 0 {
				sortByNeighbours(l.layers[k], func(c *cell) []*cell { return c.in })
			} else {
				sortByNeighbours(l.layers[len(l.layers)-1-k], func(c *cell) []*cell { return c.out })
			}
		}
		if n := l.crossings(); n < least {
			best, least = l.snapshot(), n
		}
	}
	l.layers = best
	l.number()
}

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

// crossings counts the pairs of arrows that cross between columns, by
// counting, for each arrow in order, the ends behind its own (a Fenwick tree).
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
