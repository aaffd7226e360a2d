package figure

import (
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HeatSize returns the size of a panel with so many rows and columns.
func HeatSize(rows, columns int) (width, height int) {
	return heatNames + columns*heatCell, titleHeight + 24 + rows*20
}

const (
	heatNames = 140
	heatCell  = 58
)

// Heat returns a panel with a table of values from 0 to 1, the lower the darker. NaN is
// left empty.
func Heat(title, alt string, rows, columns []string, values [][]float64) Panel {
	return Panel{title, alt, func(c draw.Canvas, s style) {
		area := draw.Crop(c, heatNames, 0, 0, -20)
		high := area.Size().Y / vg.Length(max(len(rows), 1))
		head, name := s.small, s.label
		head.XAlign, head.YAlign = draw.XCenter, draw.YBottom
		name.XAlign, name.YAlign = draw.XRight, draw.YCenter
		for j, text := range columns {
			middle := along(area.Min.X, heatCell, float64(j)+0.5)
			c.FillText(head, vg.Point{X: middle, Y: area.Max.Y + 4}, short(text, 12))
		}
		for i, text := range rows {
			top := along(area.Max.Y, -high, float64(i))
			c.FillText(name, vg.Point{X: area.Min.X - 8, Y: along(top, -high, 0.5)}, text)
			for j, v := range values[i] {
				left := along(area.Min.X, heatCell, float64(j))
				heatBox(area, s, box(left+1, top-high+1, left+heatCell-1, top-1), v)
			}
		}
	}}
}

func heatBox(c draw.Canvas, s style, corners []vg.Point, v float64) {
	if math.IsNaN(v) {
		return
	}
	shade := Shade(v)
	c.FillPolygon(rgb(shadeColours()[shade]), corners)
	number := s.label
	number.XAlign, number.YAlign = draw.XCenter, draw.YCenter
	if shade < 3 { // a dark one
		number.Color = color.White
	}
	c.FillText(number, vg.Point{X: (corners[0].X + corners[2].X) / 2, Y: (corners[0].Y + corners[2].Y) / 2},
		strconv.FormatFloat(v, 'f', 2, 64))
}

// Shades is how many shades a heat map has.
const Shades = 10

// Shade returns the shade of a value from 0 to 1, the darkest being 0.
func Shade(v float64) int { return int(min(max(v, 0), 0.999) * Shades) }

// shadeColours are the colours of the shades on white, as dark orange to white.
func shadeColours() [Shades]string {
	return [...]string{"#7a2e00", "#963b04", "#b24d12", "#c96527", "#dc8148", "#ea9f70", "#f4bd99", "#fad7c0", "#fdebdf",
		"#fff8f3"}
}
