package diagram

import "unicode/utf8"

// The sizes of a drawing, in pixels.
const (
	boxHigh   = 46.0
	wayHigh   = 16.0 // of the space for an arrow that passes a column
	rowGap    = 18.0
	titleWide = 7.6 // of a letter
	subWide   = 6.2
	edgeWide  = 6.0
	pad       = 14.0
	colGap    = 56.0
)

// A cell is a box in its column, or the space where an arrow passes the column.
type cell struct {
	box        int // index in Graph.Boxes; -1 if an arrow passes
	layer, pos int // column, and position in it
	x, y       float64
	wide, high float64
	in, out    []*cell
	key        float64 // by which the column is sorted
}

// A route is the list of cells that an edge passes, with both ends.
type route struct {
	edge  int
	cells []*cell
}

// A layout is a graph with positions for all boxes and arrows.
type layout struct {
	g          *Graph
	layers     [][]*cell
	boxes      []*cell
	routes     []route
	wide, high float64
}

// arrange lays a graph out: columns by the longest path from a source, an order in each column
// with few crossings, then heights.
func arrange(g *Graph) *layout {
	l := &layout{g: g, boxes: make([]*cell, len(g.Boxes))}
	index := map[string]int{}
	for i, b := range g.Boxes {
		index[b.ID] = i
		wide := max(float64(utf8.RuneCountInString(b.Title))*titleWide,
			float64(utf8.RuneCountInString(b.Sub))*subWide) + 2*pad
		l.boxes[i] = &cell{box: i, wide: max(wide, 72), high: boxHigh}
	}
	l.columns(index)
	l.arrows(index)
	l.order()
	l.heights()
	l.widths()
	return l
}

// columns gives every box the column after its last predecessor. A box without predecessor is
// directly before its first successor. The loop is bounded, so that it ends even for a cycle,
// which no recipe has.
func (l *layout) columns(index map[string]int) {
	for range l.g.Boxes {
		moved := false
		for _, e := range l.g.Edges {
			a, b, ok := l.ends(index, e)
			if ok && b.layer <= a.layer {
				b.layer, moved = a.layer+1, true
			}
		}
		if !moved {
			break
		}
	}
	first, led := map[*cell]int{}, map[*cell]bool{}
	for _, e := range l.g.Edges {
		if a, b, ok := l.ends(index, e); ok {
			if k, seen := first[a]; !seen || b.layer < k {
				first[a] = b.layer
			}
			led[b] = true
		}
	}
	last := 0
	for _, c := range l.boxes {
		if !led[c] && first[c] > 0 {
			c.layer = first[c] - 1
		}
		last = max(last, c.layer)
	}
	l.layers = make([][]*cell, last+1)
	for _, c := range l.boxes {
		l.layers[c.layer] = append(l.layers[c.layer], c)
	}
}

func (l *layout) ends(index map[string]int, e Edge) (a, b *cell, ok bool) {
	i, ok1 := index[e.From]
	j, ok2 := index[e.To]
	if !ok1 || !ok2 || i == j {
		return nil, nil, false
	}
	return l.boxes[i], l.boxes[j], true
}

// arrows gives every edge a cell in each column it passes.
func (l *layout) arrows(index map[string]int) {
	for i, e := range l.g.Edges {
		a, b, ok := l.ends(index, e)
		if !ok || a.layer >= b.layer {
			continue
		}
		way := []*cell{a}
		for k := a.layer + 1; k < b.layer; k++ {
			c := &cell{box: -1, layer: k, high: wayHigh}
			l.layers[k] = append(l.layers[k], c)
			way = append(way, c)
		}
		way = append(way, b)
		for k := 1; k < len(way); k++ {
			way[k-1].out = append(way[k-1].out, way[k])
			way[k].in = append(way[k].in, way[k-1])
		}
		l.routes = append(l.routes, route{i, way})
	}
}
