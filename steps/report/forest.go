package report

import (
	"fmt"
	"math"

	"assay/steps/internal/results"
	"assay/steps/kit/figure"
	"assay/steps/kit/plain"
)

// panelsTemplate prints the panels of a figure, which wrap.
const panelsTemplate = `
<p class="facts">{{.About}}</p>
<p class="legend">{{range .Legend}}<span><span class="key {{.Key}}"></span>{{.Name}}</span> {{end}}</p>
<div class="panels" style="--w:{{.Figure.Width}}px">
{{$f := .Figure}}{{range $i, $p := .Figure.Panels}}<figure>
<figcaption>{{$p.Title}}</figcaption>{{drawing $f $i}}</figure>
{{end}}</div>`

// A panels is the data of panelsTemplate.
type panels struct {
	About  string
	Legend []legendKey
	Figure *figure.Figure
}

type legendKey struct{ Name, Key string }

// viewLegend says which colour a view has.
func (d *document) viewLegend() []legendKey {
	var list []legendKey
	for i, v := range d.Views {
		list = append(list, legendKey{plain.Name(v) + " view", seriesKey(i)})
	}
	return list
}

// panelSection returns a section of panels.
func panelSection(id, title, about string, legend []legendKey, f *figure.Figure) *section {
	for _, l := range legend {
		f.Legend = append(f.Legend, l.Name)
	}
	return &section{ID: id, Title: title, Template: panelsTemplate, Data: panels{about, legend, f},
		Figures: []*figure.Figure{f}}
}

func forestSection(d *document) *section {
	f := &figure.Figure{Name: "forest", Across: 4, Width: 254, Height: figure.ForestHeight(len(d.Models))}
	columns := d.Columns()
	if len(columns) > 1 { // the mean first
		columns = append([]string{results.OverAll}, columns[:len(columns)-1]...)
	}
	low, high := d.span()
	for _, s := range columns {
		var rows []figure.Row
		for _, m := range d.Models {
			rows = append(rows, figure.Row{Name: plain.Name(m), Marks: d.marks(m, s)})
		}
		title := columnName(s)
		if s == results.OverAll {
			title = "mean of the splits"
		}
		f.Panels = append(f.Panels, figure.Forest(title, fmt.Sprintf("Macro F1 with intervals, %s", title), rows, low, high))
	}
	about := fmt.Sprintf("Macro F1 with %s intervals over %ss. Intervals that overlap do not mean that two models are alike: both were scored on the "+
		"same episodes. What can be told apart is under differences.", d.level(), d.Evals[0].Bootstrap.Unit)
	return panelSection("forest", "How sure are the scores", about, d.viewLegend(), f)
}

func (d *document) marks(model, split string) []figure.Mark {
	var list []figure.Mark
	for i, v := range d.Views {
		m := figure.Mark{Series: i, Value: math.NaN()}
		if c := d.Cell(model, v, split); c != nil {
			m.Value, m.Low, m.High = c.Value, c.Low, c.High
		}
		list = append(list, m)
	}
	return list
}

// span returns the range of all scores and intervals, in tenths.
func (d *document) span() (low, high float64) {
	low, high = 1, 0
	for _, m := range d.Models {
		for _, at := range d.Columns() {
			for _, mark := range d.marks(m, at) {
				low, high = widen(low, high, mark.Value, mark.Low, mark.High)
			}
		}
	}
	low, high = math.Floor(low*10)/10, math.Ceil(high*10)/10
	if low >= high {
		return 0, 1
	}
	return max(low, 0), min(high, 1)
}

// widen returns a range that includes values, as far as they are numbers.
func widen(low, high float64, values ...float64) (float64, float64) {
	for _, v := range values {
		if !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}
