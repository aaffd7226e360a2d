package report

import (
	"math"

	"assay/steps/internal/results"
	"assay/steps/kit/plain"
)

// headlineTemplate prints a table for each view: models by splits.
const headlineTemplate = `
<p class="facts">Macro F1 on the test part: the unweighted mean F1 of the phases that occur there, as truth or as
prediction. Small numbers are {{.Level}} intervals over {{.Unit}}s.
{{if .Several}}Models are in the order of their mean over all columns. The best of a column is bold{{if .Compared}}, and
those that the data cannot tell apart from it are underlined with dots{{end}}.{{end}}
{{if .Seeds}}± is the standard deviation over seeds.{{end}} Each number leads to how it was made.</p>
<div class="pair">{{range .Views}}<div class="scroll" tabindex="0" role="region"
aria-label="Macro F1, {{.Name}} view"><table class="headline">
<caption><span class="key {{.Key}}"></span>{{.Name}} view</caption>
<thead><tr><th scope="col">Model</th>{{range .Columns}}<th scope="col" class="n">{{.}}</th>{{end}}</tr></thead>
<tbody>{{range .Rows}}<tr><th scope="row">{{.Model}}</th>{{range .Cells}}<td
class="n{{if .Best}} best{{end}}{{if .Level}} level{{end}}{{if .Mean}} mean{{end}}">
{{if .Link}}<a
href="#{{.Link}}">{{.Value}}</a>{{else}}<span>{{.Value}}</span>{{end}}{{if .Range}}
<small>{{.Range}}</small>{{end}}{{if .SD}}<small>±{{.SD}}</small>{{end}}</td>{{end}}</tr>
{{end}}</tbody>
<tfoot><tr><th scope="row">windows</th>{{range .Windows}}<td class="n">{{.}}</td>{{end}}</tr><tr><th
scope="row">episodes</th>{{range .Episodes}}<td class="n">{{.}}</td>{{end}}</tr></tfoot>
</table></div>{{end}}</div>
{{if .Untested}}<aside class="caution" id="untested"><h3>Untested profiles</h3><p>These profiles were trained on and
do not occur in the test part. The scores of the split say nothing of them.</p>
<dl>{{range .Untested}}<div><dt>{{name .Name}}</dt><dd>{{range .Untested}}<span class="tag">{{name .}}</span>
{{end}}</dd></div>{{end}}</dl></aside>
{{else}}<p class="facts" id="untested">Every profile that was trained on occurs in the test part of its
split.</p>{{end}}`

type headline struct {
	Views                    []headlineView
	Level, Unit              string
	Several, Compared, Seeds bool
	Untested                 []*results.Split
}

type headlineView struct {
	Name, Key         string
	Columns           []string
	Rows              []headlineRow
	Windows, Episodes []string
}

type headlineRow struct {
	Model string
	Cells []headlineCell
}

type headlineCell struct {
	Value, Range, SD, Link string
	Best, Level, Mean      bool
}

func headlineSection(d *document) *section {
	h := headline{
		Level: d.level(), Unit: d.Evals[0].Bootstrap.Unit, Several: len(d.Models) > 1, Compared: d.Comparison != nil,
	}
	for _, e := range d.Evals {
		h.Seeds = h.Seeds || e.Seed != ""
	}
	for _, s := range d.Splits {
		if len(s.Untested) > 0 {
			h.Untested = append(h.Untested, s)
		}
	}
	for i, v := range d.Views {
		h.Views = append(h.Views, d.headlineView(i, v))
	}
	return &section{ID: "scores", Title: "Scores", Template: headlineTemplate, Data: h}
}

func (d *document) headlineView(i int, view string) headlineView {
	v := headlineView{Name: plain.Name(view), Key: seriesKey(i)}
	for _, s := range d.Columns() {
		v.Columns = append(v.Columns, columnName(s))
		windows, episodes := "", ""
		if at := d.Split(s); at != nil {
			windows, episodes = plain.Itoa(at.First.Windows), plain.Itoa(at.First.Episodes)
		}
		v.Windows, v.Episodes = append(v.Windows, windows), append(v.Episodes, episodes)
	}
	for _, m := range d.Models {
		row := headlineRow{Model: plain.Name(m)}
		for _, s := range d.Columns() {
			row.Cells = append(row.Cells, newHeadlineCell(d.Cell(m, view, s), s == results.OverAll))
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func newHeadlineCell(c *results.Cell, mean bool) headlineCell {
	if c == nil {
		return headlineCell{Value: "–", Mean: mean}
	}
	out := headlineCell{
		Value: plain.Three(c.Value), Range: rangeText(c.Low, c.High), Best: c.Best, Level: c.Level && !c.Best,
		Mean: mean,
	}
	if !math.IsNaN(c.SD) {
		out.SD = plain.Three(c.SD)
	}
	if len(c.Evals) > 0 {
		out.Link = c.Evals[0].ID
	} else if !math.IsNaN(c.Low) {
		out.Link = "differences"
	}
	return out
}

// rangeText prints an interval in few characters, ".62–.71"; "" if there is none.
func rangeText(low, high float64) string {
	if math.IsNaN(low) || math.IsNaN(high) {
		return ""
	}
	return plain.Brief(low) + "–" + plain.Brief(high)
}

// columnName is the heading of a split's column.
func columnName(split string) string {
	if split == results.OverAll {
		return "mean"
	}
	return plain.Name(split)
}

// level is the confidence of the intervals, "95 %".
func (d *document) level() string { return plain.Percent(d.Evals[0].Bootstrap.Level) }

// seriesKey is the class of the colour of view i.
func seriesKey(i int) string { return "k" + plain.Itoa(i%6) }
