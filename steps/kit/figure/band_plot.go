package figure

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Plot implements [plot.Plotter].
func (b Band) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, r := range b.runs() {
		var ring, middle []vg.Point
		for i := r.From; i < r.To; i++ {
			ring = append(ring, vg.Point{X: x(float64(i)), Y: y(b.Top[i])})
			middle = append(middle, vg.Point{X: x(float64(i)), Y: y(b.Value[i])})
		}
		for i := r.To - 1; i >= r.From; i-- {
			ring = append(ring, vg.Point{X: x(float64(i)), Y: y(b.Low[i])})
		}
		c.FillPolygon(rule(), c.ClipPolygonXY(ring))
		c.StrokeLines(line(seriesColour(b.Series), 1.2), c.ClipLinesXY(middle)...)
	}
	for _, part := range b.Parts {
		if part.From > 0 {
			at := x(float64(part.From) - 0.5)
			divider := line(soft(), 0.6)
			divider.Dashes = []vg.Length{2, 2}
			c.StrokeLine2(divider, at, c.Min.Y, at, c.Max.Y)
		}
	}
}

// runs returns the stretches of points that have all three values.
func (b Band) runs() []Part {
	var list []Part
	for i := range b.Value {
		switch {
		case math.IsNaN(b.Low[i]) || math.IsNaN(b.Value[i]) || math.IsNaN(b.Top[i]):
		case len(list) > 0 && list[len(list)-1].To == i:
			list[len(list)-1].To++
		default:
			list = append(list, Part{From: i, To: i + 1})
		}
	}
	return list
}
