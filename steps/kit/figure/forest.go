package figure

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Row is a line of a forest plot: a name with a mark for each series.
type Row struct {
	Name  string
	Marks []Mark
}

// A Mark is a value with its interval, of a series. NaN is left out.
type Mark struct {
	Series           int
	Value, Low, High float64
}

// RowHeight is the height of a row of a forest plot.
const RowHeight = 26

// ForestHeight returns the height of a panel with so many rows.
func ForestHeight(rows int) int { return titleHeight + rows*RowHeight + 24 }

// Forest returns a panel with the rows from the top, on an axis from low to high.
func Forest(title, alt string, rows []Row, low, high float64) Panel {
	return Panel{title, alt, func(c draw.Canvas, s style) {
		room := vg.Length(60)
		for _, r := range rows {
			room = max(room, s.label.Width(short(r.Name, 20))+10)
		}
		area := draw.Crop(c, room, -10, 20, -4)
		p := s.plot()
		p.X.Min, p.X.Max = low, high
		x := func(v float64) vg.Length { return along(area.Min.X, area.Size().X, (v-low)/(high-low)) }
		for _, t := range steps(low, high) {
			area.StrokeLine2(line(hair(), 0.75), x(t.Value), area.Min.Y, x(t.Value), area.Max.Y)
			under := s.small
			under.XAlign = draw.XCenter
			c.FillText(under, vg.Point{X: x(t.Value), Y: area.Min.Y - 4}, t.Label)
		}
		step := area.Size().Y / vg.Length(max(len(rows), 1))
		for i, r := range rows {
			y := along(area.Max.Y, -step, float64(i)+0.5)
			name := s.label
			name.XAlign, name.YAlign = draw.XRight, draw.YCenter
			c.FillText(name, vg.Point{X: area.Min.X - 8, Y: y}, short(r.Name, 20))
			drawMarks(area, r.Marks, x, y)
		}
	}}
}

// drawMarks draws the marks of a row, each a little below the one before.
func drawMarks(area draw.Canvas, marks []Mark, x func(float64) vg.Length, y vg.Length) {
	const apart = 7
	top := along(y, apart, float64(len(marks)-1)/2)
	for i, m := range marks {
		if math.IsNaN(m.Value) {
			continue
		}
		at, c := along(top, -apart, float64(i)), seriesColour(m.Series)
		if !math.IsNaN(m.Low) && !math.IsNaN(m.High) {
			area.StrokeLine2(line(c, 1.4), x(m.Low), at, x(m.High), at)
		}
		dot(area, c, m.Series, vg.Point{X: x(m.Value), Y: at}, 2.9)
	}
}

// steps returns ticks at round numbers.
func steps(low, high float64) []plot.Tick {
	step := 0.1
	for _, s := range []float64{0.05, 0.1, 0.2, 0.25, 0.5, 1} {
		if step = s; (high-low)/s <= 5 {
			break
		}
	}
	var list []plot.Tick
	for k := int(math.Ceil(low/step - 1e-9)); float64(k)*step <= high+1e-9; k++ {
		list = append(list, ticks("%.2g", float64(k)*step)...)
	}
	return list
}

// short cuts a name to so many characters.
func short(name string, most int) string {
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}
