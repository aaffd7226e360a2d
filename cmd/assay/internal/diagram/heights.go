package diagram

import (
	"slices"
	"unicode/utf8"
)

// heights stacks the cells of each column, then moves them towards the cells that they are
// connected to, as far as their order allows.
func (l *layout) heights() {
	for _, column := range l.layers {
		y := 0.0
		for _, c := range column {
			c.y = y
			y += c.high + rowGap
		}
	}
	for i := range sweeps {
		l.sweep(i, settle)
	}
	top := 0.0
	for i, c := range l.all() {
		if i == 0 || c.y < top {
			top = c.y
		}
	}
	for _, c := range l.all() {
		c.y -= top
		l.high = max(l.high, c.y+c.high)
	}
}

func (l *layout) all() []*cell { return slices.Concat(l.layers...) }

// settle moves the cells of a column to the mean height of the cells near each. Cells that would
// overlap form a block, which moves to the mean of the heights that its cells want.
func settle(column []*cell, near func(*cell) []*cell) {
	type block struct {
		cells     []*cell
		sum, high float64 // of the tops the first cell would have; the block's height
	}
	var blocks []block
	for _, c := range column {
		want := c.y
		if list := near(c); len(list) > 0 {
			want = 0
			for _, n := range list {
				want += n.y + n.high/2
			}
			want = want/float64(len(list)) - c.high/2
		}
		b := block{[]*cell{c}, want, c.high + rowGap}
		for len(blocks) > 0 {
			p := blocks[len(blocks)-1]
			if p.sum/float64(len(p.cells))+p.high <= b.sum/float64(len(b.cells)) {
				break
			}
			b = block{append(p.cells, b.cells...), p.sum + b.sum - p.high*float64(len(b.cells)), p.high + b.high}
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		y := b.sum / float64(len(b.cells))
		for _, c := range b.cells {
			c.y = y
			y += c.high + rowGap
		}
	}
}

// widths places the columns from left to right. Each is as wide as its widest box, with space
// before it for the labels of the arrows that end there.
func (l *layout) widths() {
	room := make([]float64, len(l.layers))
	for _, r := range l.routes {
		to := r.cells[len(r.cells)-1].layer
		room[to] = max(room[to], float64(utf8.RuneCountInString(l.g.Edges[r.edge].Label))*edgeWide)
	}
	x := 0.0
	for k, column := range l.layers {
		wide := 0.0
		for _, c := range column {
			wide = max(wide, c.wide)
		}
		if k > 0 {
			x += colGap + room[k]
		}
		for _, c := range column {
			c.x = x
			c.wide = wide
		}
		x += wide
	}
	l.wide = x
}
