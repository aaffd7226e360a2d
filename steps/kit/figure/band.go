package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Band is a line with a range around it, at points in equal steps. Where one of the three
// is NaN, there is nothing. The lists are of one length.
type Band struct {
	Series          int
	Low, Value, Top []float64
	Parts           []Part // of the points, from left to right
}

// A Part is a named stretch of points, from its first to before To.
type Part struct {
	Name     string
	From, To int
}

// Bands returns a panel with a band. Parts are divided by rules; those that are wide enough
// for it have their name below.
func Bands(title, alt string, b Band) Panel {
	return Panel{title, alt, func(c draw.Canvas, s style) {
		lines := []Line{{Y: b.Top}, {Y: b.Value}, {Y: b.Low}}
		p := s.plot()
		p.X.Min, p.X.Max = 0, float64(max(len(b.Value)-1, 1))
		p.Y.Min, p.Y.Max = least(b.Low), 1.05*largest(lines, func(l Line) []float64 { return l.Y })
		p.Y.Tick.Marker, p.X.Tick.Marker = few(p.Y.Max), ticks("")
		p.Add(grid())
		p.Add(b)
		area := draw.Crop(c, 0, -4, nameHeight, -4)
		p.Draw(area)
		b.name(c, p.DataCanvas(area), s)
	}}
}

// nameHeight is the room for the names of parts.
const nameHeight = 13

// least returns the least value, 0 if none is below.
func least(list []float64) float64 {
	low := 0.0
	for _, v := range list {
		if v < low && !math.IsInf(v, 0) {
			low = v
		}
	}
	return low
}

// across returns where a point of n is in an area.
func across(area draw.Canvas, i, n int) vg.Length {
	return along(area.Min.X, area.Size().X, float64(i)/float64(max(n-1, 1)))
}

// name writes the names of parts below the area.
func (b Band) name(c, area draw.Canvas, s style) {
	under := s.small
	under.XAlign = draw.XCenter
	for _, part := range b.Parts {
		left, right := across(area, part.From, len(b.Value)), across(area, min(part.To, len(b.Value)-1), len(b.Value))
		if under.Width(part.Name) <= right-left {
			c.FillText(under, vg.Point{X: (left + right) / 2, Y: area.Min.Y - 4}, part.Name)
		}
	}
}
