package diagram

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strings"
)

// margin is the space around a drawing, and head the space for its title.
const (
	margin = 24.0
	head   = 64.0
)

// style is CSS, so that a drawing fits a light and a dark page.
const style = `
  .page { fill: #fbfaf8 } .t { fill: #1f2328 } .s { fill: #656d76 } .l { fill: #57606a }
  .e { stroke: #a8b0b9; fill: none; stroke-width: 1.4 } .a { fill: #8c959f } .halo { stroke: #fbfaf8 }
  .b { stroke-width: 1.4; fill: #ffffff; stroke: #b6bec7 }
  .uptodate { fill: #eef6ef; stroke: #6aa377 } .mayrun { fill: #fff8e4; stroke: #c79a2c; stroke-dasharray: 5 3 }
  .willrun { fill: #fdebd9; stroke: #d0701f; stroke-width: 2 }
  .source { fill: #eef2f7; stroke: #8ea3bd } .output { fill: #f2eefa; stroke: #9a86c4 }
  text { font-family: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; font-size: 13px }
  .s { font-size: 11px } .l { font-size: 10.5px } .t { font-weight: 500 } .h { font-size: 16px; font-weight: 600 }
  .halo { stroke-width: 4; stroke-linejoin: round; paint-order: stroke }
  @media (prefers-color-scheme: dark) {
    .page { fill: #16191d } .t { fill: #e6e8eb } .s { fill: #9aa4af } .l { fill: #aab4be }
    .e { stroke: #59636e } .a { fill: #7b8692 } .halo { stroke: #16191d }
    .b { fill: #20252b; stroke: #59636e }
    .uptodate { fill: #1b2a20; stroke: #4f8a5d } .mayrun { fill: #2e2714; stroke: #b8902f }
    .willrun { fill: #3a2412; stroke: #e08a3c } .source { fill: #1d2631; stroke: #5f7ea3 } .output { fill: #262034; stroke: #8a76b8 }
  }
`

// SVG draws the graph as one SVG file.
func (g *Graph) SVG(w io.Writer) error {
	l := arrange(g)
	var b strings.Builder
	legend, legendWide := l.legend()
	wide := max(l.wide, legendWide, float64(len(g.Title))*9, float64(len(g.Note))*6) + 2*margin
	high := l.high + 2*margin + head
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`+"\n",
		num(wide), num(high), num(wide), num(high), esc(g.Title))
	fmt.Fprintf(&b, "<style>%s</style>\n", style)
	fmt.Fprintf(&b, `<rect class="page" width="%s" height="%s"/>`+"\n", num(wide), num(high))
	fmt.Fprintf(&b, `<text class="t h" x="%s" y="34">%s</text>`+"\n", num(margin), esc(g.Title))
	fmt.Fprintf(&b, `<g transform="translate(%s 56)">%s</g>`+"\n", num(margin), legend)
	fmt.Fprintf(&b, `<g transform="translate(%s %s)">`+"\n", num(margin), num(head+margin))
	ends := l.portsOf()
	for i, r := range l.routes {
		l.arrow(&b, r, ends[i])
	}
	l.labels(&b, ends)
	for _, c := range l.boxes {
		l.drawBox(&b, c)
	}
	b.WriteString("</g>\n</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// legend explains the states that occur.
func (l *layout) legend() (string, float64) {
	has := map[State]bool{}
	for _, b := range l.g.Boxes {
		has[b.State] = true
	}
	var b strings.Builder
	x := 0.0
	for _, s := range []State{WillRun, MayRun, UpToDate, Source, Output} {
		if !has[s] {
			continue
		}
		fmt.Fprintf(&b, `<rect class="b %s" x="%s" y="-9" width="18" height="11" rx="3"/><text class="s" x="%s" y="0">%s</text>`, s, num(x), num(x+24), s.word())
		x += 24 + float64(len(s.word()))*subWide + 20
	}
	if l.g.Note != "" {
		fmt.Fprintf(&b, `<text class="s" x="%s" y="0">%s</text>`, num(x), esc(l.g.Note))
		x += float64(len(l.g.Note)) * subWide
	}
	return b.String(), x
}

// drawBox draws a box with one or two lines of text.
func (l *layout) drawBox(b *strings.Builder, c *cell) {
	box := l.g.Boxes[c.box]
	round := 8.0
	if box.State == Source || box.State == Output {
		round = c.high / 2
	}
	fmt.Fprintf(b, `<g><title>%s</title><rect class="b %s" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`,
		esc(box.Hover), box.State, num(c.x), num(c.y), num(c.wide), num(c.high), num(round))
	mid := num(c.x + c.wide/2)
	if box.Sub == "" {
		fmt.Fprintf(b, `<text class="t" text-anchor="middle" x="%s" y="%s">%s</text></g>`+"\n", mid,
			num(c.y+c.high/2+4.5), esc(box.Title))
		return
	}
	fmt.Fprintf(b, `<text class="t" text-anchor="middle" x="%s" y="%s">%s</text><text class="s" text-anchor="middle" x="%s" y="%s">%s</text></g>`+"\n",
		mid, num(c.y+20), esc(box.Title), mid, num(c.y+36), esc(box.Sub))
}

// portsOf returns the height at which each route ends. It spreads the arrows that end at a box
// over the side of the box, in the order they come from above. Arrows with the same label
// end at the same height.
func (l *layout) portsOf() []float64 {
	type side struct {
		labels []string
		from   map[string]float64 // height from which the first arrow of a label comes
	}
	sides := map[*cell]*side{}
	for _, r := range l.routes {
		to, last, label := r.cells[len(r.cells)-1], r.cells[len(r.cells)-2], l.g.Edges[r.edge].Label
		if sides[to] == nil {
			sides[to] = &side{from: map[string]float64{}}
		}
		if _, ok := sides[to].from[label]; !ok {
			sides[to].labels = append(sides[to].labels, label)
			sides[to].from[label] = last.y + last.high/2
		}
	}
	for _, s := range sides {
		slices.SortStableFunc(s.labels, func(a, b string) int { return cmp.Compare(s.from[a], s.from[b]) })
	}
	out := make([]float64, len(l.routes))
	for i, r := range l.routes {
		to := r.cells[len(r.cells)-1]
		list := sides[to].labels
		k := slices.Index(list, l.g.Edges[r.edge].Label)
		room := min(14, (to.high-8)/float64(len(list)))
		out[i] = to.y + to.high/2 + (float64(k)-float64(len(list)-1)/2)*room
	}
	return out
}

// arrow draws an arrow along a route; end is the height where it ends.
func (l *layout) arrow(b *strings.Builder, r route, end float64) {
	from := r.cells[0]
	x, y := from.x+from.wide, from.y+from.high/2
	fmt.Fprintf(b, `<path class="e" d="M%s %s`, num(x), num(y))
	for i, c := range r.cells[1:] {
		toX, toY := c.x, c.y+c.high/2
		if i == len(r.cells)-2 {
			toX, toY = c.x-6, end
		}
		bend := min((toX-x)/2, 60)
		fmt.Fprintf(b, ` C%s %s %s %s %s %s`, num(x+bend), num(y), num(toX-bend), num(toY), num(toX), num(toY))
		x, y = toX, toY
		if c.box < 0 { // straight through the column
			fmt.Fprintf(b, ` H%s`, num(c.x+c.wide))
			x = c.x + c.wide
		}
	}
	fmt.Fprintf(b, `"><title>%s</title></path><path class="a" d="M%s %sl-7 -3.5v7z"/>`+"\n",
		esc(l.g.Edges[r.edge].Hover), num(x+6), num(y))
}

// labels writes the labels of arrows beside their heads, once where several meet.
func (l *layout) labels(b *strings.Builder, ends []float64) {
	type spot struct{ x, y string }
	seen := map[spot]bool{}
	for i, r := range l.routes {
		text := l.g.Edges[r.edge].Label
		at := spot{num(r.cells[len(r.cells)-1].x - 15), num(ends[i] + 3.5)}
		if text != "" && !seen[at] {
			seen[at] = true
			fmt.Fprintf(b, `<text class="l halo" text-anchor="end" x="%s" y="%s">%s</text>`+"\n", at.x, at.y, esc(text))
		}
	}
}

// num writes a number of pixels, to a tenth.
func num(f float64) string {
	s := fmt.Sprintf("%.1f", math.Round(f*10)/10)
	return strings.TrimSuffix(s, ".0")
}

func esc(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' {
			return -1 // XML cannot contain them
		}
		return r
	}, s))
}
