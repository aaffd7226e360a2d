package report

import (
	"assay/steps/internal/results"
	"assay/steps/kit/figure"
	"assay/steps/kit/plain"
)

const failureTemplate = `
<p class="facts">Means over the splits, weighed by their windows; darker is worse. The phases of a window are its
classes: the F1 of one
says how well it is found. Below each name are its test windows and episodes, all splits together.</p>
{{range .}}<div class="pair{{if .Many}} many{{end}}">{{$title := .Title}}{{range .Views}}<div class="scroll" tabindex="0" role="region"
aria-label="{{$title}}, {{.Name}} view"><table class="heat">
<caption><span class="key {{.Key}}"></span>{{$title}}, {{.Name}} view</caption>
<thead><tr><td></td>{{range .Models}}<th scope="col"><span>{{.}}</span></th>{{end}}</tr></thead>
<tbody>{{range .Rows}}<tr><th scope="row">{{.Name}}<small>{{.Windows}} · {{.Episodes}}</small></th>{{range .Cells}}
<td class="{{.Shade}}">{{.Text}}</td>{{end}}</tr>
{{end}}</tbody></table></div>{{end}}</div>
{{end}}`

type heatBlock struct {
	Title string
	Many  bool // so many models that their names stand upright
	Views []heatView
}

type heatView struct {
	Name, Key string
	Models    []string
	Rows      []heatRow
}

type heatRow struct {
	Name              string
	Windows, Episodes int
	Cells             []heatCell
}

type heatCell struct{ Text, Shade string }

func failureSection(d *document) *section {
	s := &section{ID: "failures", Title: "Where the models fail", Template: failureTemplate}
	var blocks []heatBlock
	for _, k := range results.Groupings() {
		t := d.Gather(k)
		if len(t.Names) == 0 {
			continue
		}
		block := heatBlock{Title: k.Title, Many: d.many()}
		for i, v := range d.Views {
			block.Views = append(block.Views, d.heatView(i, v, k, t))
		}
		blocks = append(blocks, block)
		s.Figures = append(s.Figures, d.heatFigure(k, t))
	}
	if len(blocks) == 0 {
		return nil
	}
	s.Data = blocks
	return s
}

func (d *document) heatView(i int, view string, k results.Grouping, t *results.GroupTable) heatView {
	out := heatView{Name: plain.Name(view), Key: seriesKey(i), Models: plain.Names(d.Models)}
	for _, g := range t.Names {
		row := heatRow{Name: k.Show(g), Windows: t.Windows[g], Episodes: t.Episodes[g]}
		for _, m := range d.Models {
			row.Cells = append(row.Cells, newHeatCell(t.Of(m, view, g)))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func newHeatCell(v float64) heatCell {
	if plain.Two(v) == "–" {
		return heatCell{"–", ""}
	}
	return heatCell{plain.Brief(v), "h" + plain.Itoa(figure.Shade(v))}
}

func (d *document) heatFigure(k results.Grouping, t *results.GroupTable) *figure.Figure {
	f := &figure.Figure{Name: "by_" + k.By, Across: 1}
	f.Width, f.Height = figure.HeatSize(len(t.Names), len(d.Models))
	var rows []string
	for _, g := range t.Names {
		rows = append(rows, k.Show(g))
	}
	for _, v := range d.Views {
		values := make([][]float64, len(t.Names))
		for i, g := range t.Names {
			for _, m := range d.Models {
				values[i] = append(values[i], t.Of(m, v, g))
			}
		}
		title := k.Title + ", " + plain.Name(v) + " view"
		f.Panels = append(f.Panels, figure.Heat(title, title, rows, plain.Names(d.Models), values))
	}
	return f
}

// many reports whether there are more models than fit side by side twice.
func (d *document) many() bool { return len(d.Models) > 9 }
