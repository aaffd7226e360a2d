// Package figure draws the figures of a report: as SVG and PNG for papers, and as parts of
// a page that take their colours from it. Package plot of gonum does the drawing.
//
// A [Figure] is a row of panels of one size. Call [Forest], [Lines], [Bars] or [Heat] for a
// panel, then [Figure.WriteSVG], [Figure.WritePNG] or [Figure.Inline]. Read this file
// first; steady.go says why the bytes are the same everywhere.
package figure

import (
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// A Figure is panels of one size, in rows. Sizes are in points, which a page takes for
// pixels.
type Figure struct {
	Name   string // of its files, without the ending
	Across int    // panels in a row
	Width  int    // of a panel
	Height int
	Panels []Panel
	Legend []string // names of the series, below the panels of a file; a page has its own
}

// A Panel is one drawing with its heading.
type Panel struct {
	Title string
	Alt   string // what it shows, for those who do not see it
	draw  func(c draw.Canvas, s style)
}

// dpi is the resolution of PNG files.
const dpi = 200

// margin is around the panels of a file, and between them.
const margin = 8

// legendHeight is the room for the legend of a file.
const legendHeight = 16

// size returns the size of the whole figure.
func (f *Figure) size() (w, h vg.Length) {
	across := min(f.Across, len(f.Panels))
	down := (len(f.Panels) + across - 1) / across
	height := down*(f.Height+margin) + margin
	if len(f.Legend) > 0 {
		height += legendHeight
	}
	return vg.Length(across*(f.Width+margin) + margin), vg.Length(height)
}

// WriteSVG writes the figure as an SVG file.
func (f *Figure) WriteSVG(w io.Writer) error {
	width, height := f.size()
	_, err := io.WriteString(w, svg(width, height, f.drawAll))
	return err
}

// WritePNG writes the figure as a PNG file of 200 dots an inch.
func (f *Figure) WritePNG(w io.Writer) error {
	width, height := f.size()
	c := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi))
	f.drawAll(draw.NewCanvas(&steady{Canvas: outlined{c}}, width, height))
	_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(w)
	return err
}

// drawAll draws the panels on white, row by row, each below its title.
func (f *Figure) drawAll(c draw.Canvas) {
	c.SetColor(paper())
	c.Fill(c.Rectangle.Path())
	for i, p := range f.Panels {
		x := vg.Length(margin + i%f.Across*(f.Width+margin))
		y := c.Max.Y - vg.Length((i/f.Across+1)*(f.Height+margin))
		area := c
		area.Rectangle = vg.Rectangle{
			Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + vg.Length(f.Width), Y: y + vg.Length(f.Height)},
		}
		s := newStyle()
		c.FillText(s.title, vg.Point{X: area.Min.X, Y: area.Max.Y}, p.Title)
		p.draw(draw.Crop(area, 0, 0, 0, -titleHeight), s)
	}
	f.drawLegend(c)
}

// drawLegend draws the marks and names of the series in a line.
func (f *Figure) drawLegend(c draw.Canvas) {
	s := newStyle()
	s.label.YAlign = draw.YCenter
	at := vg.Point{X: c.Min.X + margin + 4, Y: c.Min.Y + margin + 4}
	for i, name := range f.Legend {
		dot(c, seriesColour(i), i, at, 3)
		c.FillText(s.label, vg.Point{X: at.X + 7, Y: at.Y}, name)
		at.X += s.label.Width(name) + 24
	}
}

// Inline returns panel i as an element of a page, without its title. Its colours are the
// variables of the page that package figure names; see [Colours].
func (f *Figure) Inline(i int) string {
	width, height := vg.Length(f.Width), vg.Length(f.Height-titleHeight)
	text := svg(width, height, func(c draw.Canvas) { f.Panels[i].draw(c, newStyle()) })
	return inline(text, f.Width, f.Height-titleHeight, f.Panels[i].Alt)
}
