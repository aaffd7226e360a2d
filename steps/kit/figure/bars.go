package figure

import (
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Bar is a name with a value from 0 to 1.
type Bar struct {
	Name  string
	Value float64
}

// BarsHeight returns the height of a panel with so many bars.
func BarsHeight(bars int) int { return titleHeight + bars*15 + 4 }

// Bars returns a panel with bars from the top, as shares of the longest.
func Bars(title, alt string, series int, bars []Bar) Panel {
	return Panel{title, alt, func(c draw.Canvas, s style) {
		const names, numbers = 186, 40
		area := draw.Crop(c, names, -numbers, 0, 0)
		longest := 0.0
		for _, b := range bars {
			longest = max(longest, b.Value)
		}
		step := area.Size().Y / vg.Length(max(len(bars), 1))
		for i, b := range bars {
			y := along(area.Max.Y, -step, float64(i)+0.5)
			name, number := s.small, s.small
			name.Color = ink()
			name.XAlign, name.YAlign = draw.XRight, draw.YCenter
			number.XAlign, number.YAlign = draw.XLeft, draw.YCenter
			c.FillText(name, vg.Point{X: area.Min.X - 5, Y: y}, b.Name)
			to := area.Min.X
			if longest > 0 {
				to = along(to, area.Size().X, b.Value/longest)
			}
			c.FillPolygon(seriesColour(series), box(area.Min.X, y-4, to, y+4))
			c.FillText(number, vg.Point{X: to + 4, Y: y}, strconv.FormatFloat(100*b.Value, 'f', 1, 64)+" %")
		}
	}}
}
