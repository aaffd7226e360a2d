package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Line is one line of a panel. Series -1 is a line in the background.
type Line struct {
	Series int
	X, Y   []float64
	Marked int  // this point has a mark; -1 is none, -2 is all of them
	Dashed bool // as the diagonal
}

// Background is the series of lines that are only there to compare with.
const Background = -1

// No point is marked, or all of them.
const (
	NoMark  = -1
	AllMark = -2
)

// Axes are the ranges of a panel of lines. An upper end of 0 is that of the data.
type Axes struct {
	XMax, YMin, YMax float64
	XLabel           string
}

// Lines returns a panel with lines, the first at the back.
func Lines(title, alt string, axes Axes, lines []Line) Panel {
	return Panel{title, alt, func(c draw.Canvas, s style) {
		p := s.plot()
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, axes.XMax, axes.YMin, axes.YMax
		if axes.XMax == 0 {
			p.X.Max = largest(lines, func(l Line) []float64 { return l.X })
		}
		if axes.YMax == 0 {
			p.Y.Max = 1.05 * largest(lines, func(l Line) []float64 { return l.Y })
		}
		p.X.Label.Text = axes.XLabel
		p.X.Tick.Marker, p.Y.Tick.Marker = few(p.X.Max), few(p.Y.Max)
		p.Add(grid())
		for _, l := range lines {
			p.Add(l)
		}
		p.Draw(draw.Crop(c, 0, -4, 0, -4))
	}}
}

// Plot implements [plot.Plotter].
func (l Line) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	points := make([]vg.Point, 0, len(l.X))
	for i := range l.X {
		if at := (vg.Point{X: x(l.X[i]), Y: y(l.Y[i])}); !math.IsNaN(l.X[i]) && !math.IsNaN(l.Y[i]) {
			points = append(points, at)
		}
	}
	style := line(rule(), 0.9)
	if l.Series >= 0 {
		style = line(seriesColour(l.Series), 1.1)
	}
	if l.Dashed {
		style.Dashes = []vg.Length{2, 2}
	}
	c.StrokeLines(style, c.ClipLinesXY(points)...)
	for i, at := range points {
		if c.Contains(at) && (i == l.Marked || l.Marked == AllMark) {
			dot(c, style.Color, l.Series, at, 2.2)
		}
	}
}

// dot draws the mark of a series. Every second one is a square, so that colours are not
// all that tells them apart.
func dot(c draw.Canvas, fill color.Color, series int, at vg.Point, r vg.Length) {
	if series%2 == 1 {
		r = vg.Length(float64(r) * 0.9)
		c.FillPolygon(fill, box(at.X-r, at.Y-r, at.X+r, at.Y+r))
		return
	}
	c.SetColor(fill)
	var path vg.Path
	path.Move(vg.Point{X: at.X + r, Y: at.Y})
	path.Arc(at, r, 0, 2*math.Pi)
	path.Close()
	c.Fill(path)
}

func largest(lines []Line, of func(Line) []float64) float64 {
	most := 0.0
	for _, l := range lines {
		for _, v := range of(l) {
			if v > most && !math.IsInf(v, 0) {
				most = v
			}
		}
	}
	if most == 0 {
		return 1
	}
	return most
}

// few returns three or four ticks at round numbers from 0.
func few(high float64) plot.ConstantTicks {
	size := math.Pow(10, math.Floor(math.Log10(high)))
	step := size
	for _, s := range []float64{0.2, 0.25, 0.5, 1, 2, 5} {
		if step = s * size; high/step <= 4.2 {
			break
		}
	}
	var list plot.ConstantTicks
	for k := 0; float64(k)*step <= high*1.001; k++ {
		list = append(list, ticks("%.4g", float64(k)*step)...)
	}
	return list
}

// grid returns hair lines at the ticks.
func grid() plot.Plotter {
	g := plotter.NewGrid()
	g.Vertical.Color, g.Vertical.Width = nil, 0
	g.Horizontal = line(hair(), 0.75)
	return g
}

// box returns the corners of a rectangle.
func box(left, bottom, right, top vg.Length) []vg.Point {
	return []vg.Point{{X: left, Y: bottom}, {X: right, Y: bottom}, {X: right, Y: top}, {X: left, Y: top}}
}
