package report

import (
	"assay/steps/kit/compare"
	"assay/steps/kit/plain"
)

const comparisonTemplate = `
<p class="facts">{{.About}}</p>
{{range .Grids}}<div class="scroll" tabindex="0" role="region" aria-label="{{.Title}}"><table class="grid{{if $.Many}} many{{end}}">
<caption><span class="key {{.Key}}"></span>{{.Title}}: row less column</caption>
<thead><tr><td></td>{{range .Models}}<th scope="col" class="n"><span>{{.}}</span></th>{{end}}</tr></thead>
<tbody>{{range .Rows}}<tr><th scope="row">{{.Name}}</th>{{range .Cells}}<td class="n {{.Class}}"{{if .Says}}
title="{{.Says}}"{{end}}>{{.Text}}</td>{{end}}</tr>
{{end}}</tbody></table></div>{{end}}
{{if .Views}}<div class="scroll" tabindex="0" role="region" aria-label="Views"><table class="views">
<caption>{{.ViewsTitle}}</caption>
<thead><tr><th scope="col">Model</th><th scope="col">On</th><th scope="col" class="n">difference</th><th scope="col"
class="n">interval</th><th scope="col" class="n">p, adjusted</th><th scope="col" class="n">Cohen’s d</th><th
scope="col">verdict</th></tr></thead>
<tbody>{{range .Views}}<tr><th scope="row">{{.Model}}</th><td>{{.On}}</td><td class="n">{{.Difference}}</td><td
class="n">{{.Range}}</td><td class="n">{{.P}}</td><td class="n">{{.Effect}}</td><td>{{.Verdict}}</td></tr>
{{end}}</tbody></table></div>{{end}}`

type comparisonData struct {
	About      string
	Many       bool
	Grids      []pairGrid
	Views      []viewRow
	ViewsTitle string
}

type pairGrid struct {
	Title, Key string
	Models     []string
	Rows       []pairRow
}

type pairRow struct {
	Name  string
	Cells []pairCell
}

type pairCell struct{ Text, Class, Says string }

type viewRow struct{ Model, On, Difference, Range, P, Effect, Verdict string }

func comparisonSection(d *document) *section {
	if d.Comparison == nil {
		return nil
	}
	data := comparisonData{
		Many: d.many(),
		About: "Differences of macro F1 between two models on the same resamples of the same episodes, so that what is hard for both cancels out. " +
			"Bold: more than chance, by p values adjusted for the number of pairs (Holm). The rest the data cannot tell apart. Hold the pointer over a cell for " +
			"its interval; comparison.csv has all of them, on each split.",
	}
	if len(d.Models) > 1 {
		for i, v := range d.Views {
			data.Grids = append(data.Grids, d.pairGrid(i, v))
		}
	}
	if len(d.Views) == 2 {
		data.ViewsTitle = plain.Name(d.Views[1]) + " less " + plain.Name(d.Views[0])
		data.Views = d.viewRows()
	}
	return &section{ID: "differences", Title: "Which differences are real", Template: comparisonTemplate, Data: data}
}

func (d *document) pairGrid(i int, view string) pairGrid {
	on := "mean of the splits"
	if len(d.Splits) == 1 {
		on = plain.Name(d.Whole())
	}
	g := pairGrid{Title: plain.Name(view) + " view, " + on, Key: seriesKey(i), Models: plain.Names(d.Models)}
	for _, a := range d.Models {
		row := pairRow{Name: plain.Name(a)}
		for _, b := range d.Models {
			row.Cells = append(row.Cells, newPairCell(a, b, d.Pair(a, b, view, d.Whole())))
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func newPairCell(a, b string, p *compare.Pair) pairCell {
	if p == nil {
		return pairCell{}
	}
	c := pairCell{Text: plain.Signed(float64(p.Difference)), Class: "level"}
	c.Says = plain.Name(a) + " less " + plain.Name(b) + ": " + pairRange(p) + ", adjusted p " + pText(float64(p.Adjusted))
	switch p.Better {
	case "a":
		c.Class = "better"
	case "b":
		c.Class = "worse"
	}
	return c
}

func (d *document) viewRows() []viewRow {
	var list []viewRow
	for _, m := range d.Models {
		for _, s := range d.Columns() {
			of := func(view string) compare.Model { return compare.Model{Model: m, View: view} }
			p := d.Comparison.Pair(of(d.Views[1]), of(d.Views[0]), s)
			if p == nil || len(d.Models) > 1 && s != d.Whole() {
				continue
			}
			list = append(list, viewRow{plain.Name(m), columnName(s), plain.Signed(float64(p.Difference)), pairRange(p),
				pText(float64(p.Adjusted)),
				plain.Two(float64(p.Effect)), pairVerdict(p)})
		}
	}
	return list
}

func pairRange(p *compare.Pair) string {
	return plain.Signed(float64(p.Low)) + " to " + plain.Signed(float64(p.High))
}

// pairVerdict says in words which side of a pair is better.
func pairVerdict(p *compare.Pair) string {
	side := map[string]compare.Model{"a": p.A, "b": p.B}[p.Better]
	switch {
	case p.Better == "":
		return "cannot be told apart"
	case p.A.View != p.B.View:
		return plain.Name(side.View) + " is better"
	}
	return plain.Name(side.Model) + " is better"
}

// pText prints a p value.
func pText(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return plain.Three(p)
}
