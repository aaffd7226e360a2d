package figure

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// titleHeight is the room for a panel's title in a file; on a page the title is text.
const titleHeight = 16

// A Colour is a colour of the figures. On a page it is the variable of its name.
type Colour struct {
	Name string
	RGB  string // "#rrggbb", on white
}

// Colours returns all colours: ink, soft text, rules, hair lines, and those of series. The
// latter are of the palette that Okabe and Ito made for people who see colours in other
// ways, some a little darker so that thin lines show on white.
func Colours() []Colour {
	return []Colour{
		{"ink", "#1c1b19"}, {"soft", "#5f5b54"}, {"rule", "#c9c4b8"}, {"hair", "#e9e5db"},
		{"s0", "#0072b2"}, {"s1", "#b85000"}, {"s2", "#00805f"}, {"s3", "#a8467f"}, {"s4", "#8a6d00"}, {"s5", "#3f7fb5"},
	}
}

// series is the index of the first colour of a series; seriesCount how many there are.
const (
	series      = 4
	seriesCount = 6
)

// SeriesColour returns the name of the colour of series i.
func SeriesColour(i int) string { return Colours()[series+i%seriesCount].Name }

func ink() color.Color               { return rgb(Colours()[0].RGB) }
func soft() color.Color              { return rgb(Colours()[1].RGB) }
func rule() color.Color              { return rgb(Colours()[2].RGB) }
func hair() color.Color              { return rgb(Colours()[3].RGB) }
func seriesColour(i int) color.Color { return rgb(Colours()[series+i%seriesCount].RGB) }
func paper() color.Color             { return color.White }

func rgb(hex string) color.Color {
	c := color.RGBA{A: 255}
	fmt.Sscanf(hex, "#%02x%02x%02x", &c.R, &c.G, &c.B)
	return c
}

// A style is the texts of a figure. Every drawing has its own, since the library's fonts
// remember what they were asked.
type style struct{ title, label, small text.Style }

func newStyle() style {
	handler := text.Plain{Fonts: font.NewCache(liberation.Collection())}
	of := func(size vg.Length, c color.Color) text.Style {
		return text.Style{
			Color: c, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}, Handler: handler,
			XAlign: text.XLeft, YAlign: text.YTop,
		}
	}
	return style{title: of(10, ink()), label: of(9.5, ink()), small: of(8.5, soft())}
}

// plot returns an empty plot in the style.
func (s style) plot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.TextHandler = s.label.Handler
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle = s.small
		a.Label.TextStyle.XAlign, a.Label.TextStyle.YAlign = text.XCenter, text.YBottom
		a.Label.Padding = 2
		a.Tick.Label = s.small
		a.LineStyle.Color, a.LineStyle.Width = rule(), 0.75
		a.Tick.LineStyle.Color, a.Tick.LineStyle.Width = rule(), 0.75
		a.Tick.Length, a.Padding = 3, 0
	}
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = text.XCenter, text.YTop
	p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = text.XRight, text.YCenter
	p.Y.Label.TextStyle.Rotation = 0
	return p
}

// ticks returns ticks with labels.
func ticks(format string, at ...float64) plot.ConstantTicks {
	var list plot.ConstantTicks
	for _, v := range at {
		list = append(list, plot.Tick{Value: v, Label: fmt.Sprintf(format, v)})
	}
	return list
}

// line returns the style of a line.
func line(c color.Color, width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width}
}

// along returns what is n steps from a place. The product is rounded by itself, so that
// no machine fuses it with the sum.
func along(from, step vg.Length, n float64) vg.Length { return from + vg.Length(float64(step)*n) }
