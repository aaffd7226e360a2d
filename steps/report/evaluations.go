package report

import (
	"fmt"
	"math"

	"assay/steps/internal/results"
	"assay/steps/kit/measure"
	"assay/steps/kit/plain"
	"assay/steps/kit/score"
)

const evaluationTemplate = `
<p class="facts">One entry for each evaluation: all measures with their intervals, the phases, the confusion of
phases, the commands that print its numbers, and its digest.</p>
{{range .}}<details class="evaluation"><summary>{{.Name}}<span class="n">{{.F1}}</span></summary>
<div id="{{.ID}}" class="entry" tabindex="-1">
{{if .Node}}<pre tabindex="0">assay show RECIPE {{.Metrics}}
assay show RECIPE {{.Made}}    how it was made
{{.Digest}}  {{.Output}}</pre>{{end}}
<div class="pair">
<div class="scroll" tabindex="0" role="region" aria-label="Measures"><table><caption>Measures, {{.Size}}</caption>
<thead><tr><th scope="col">Measure</th><th scope="col" class="n">value</th><th scope="col" class="n">interval</th>
</tr></thead>
<tbody>{{range .Measures}}<tr><th scope="row">{{.Name}}</th><td class="n">{{.Value}}</td><td
class="n">{{.Range}}</td></tr>
{{end}}</tbody></table></div>
<div class="scroll" tabindex="0" role="region" aria-label="Phases"><table><caption>By phase</caption>
<thead><tr><th scope="col">Phase</th><th scope="col" class="n">prec.</th><th scope="col" class="n">recall</th><th
scope="col" class="n">F1</th><th scope="col" class="n">interval</th><th scope="col" class="n">windows</th><th
scope="col" class="n">episodes</th></tr></thead>
<tbody>{{range .Classes}}<tr><th scope="row">{{.Class}}</th><td class="n">{{.Precision}}</td><td
class="n">{{.Recall}}</td><td class="n">{{.F1}}</td><td class="n">{{.Range}}</td><td class="n">{{.Windows}}</td><td
class="n">{{.Episodes}}</td></tr>
{{end}}</tbody></table></div>
<div class="scroll" tabindex="0" role="region" aria-label="Confusion"><table class="confusion"><caption>Confusion:
rows true, columns predicted, shaded by share of the row</caption>
<thead><tr><td></td>{{range .Labels}}<th scope="col"><span>{{.}}</span></th>{{end}}</tr></thead>
<tbody>{{range .Confusion}}<tr><th scope="row">{{.Class}}</th>{{range .Cells}}<td
class="b{{.Shade}}{{if .Right}} right{{end}}" title="{{.Says}}">{{.N}}</td>{{end}}</tr>
{{end}}</tbody></table></div>
</div></div></details>
{{end}}`

// An entry is the details of one evaluation.
type entry struct {
	ID, Name, F1, Size  string
	Node, Metrics, Made string
	Output, Digest      string
	Measures            []measureRow
	Classes             []classRow
	Labels              []string
	Confusion           []confusionRow
}

type measureRow struct{ Name, Value, Range string }

type classRow struct {
	Class, Precision, Recall, F1, Range string
	Windows, Episodes                   int
}

type confusionRow struct {
	Class string
	Cells []confusionCell
}

type confusionCell struct {
	N, Shade int // shade 0 to 9, by the share of the row
	Right    bool
	Says     string
}

func evaluationSection(d *document) *section {
	var list []entry
	for _, m := range d.Models {
		for _, v := range d.Views {
			for _, s := range d.Splits {
				if c := d.Cell(m, v, s.Name); c != nil {
					for _, e := range c.Evals {
						list = append(list, newEntry(e))
					}
				}
			}
		}
	}
	return &section{ID: "evaluations", Title: "Evaluations, one by one", Template: evaluationTemplate, Data: list}
}

func newEntry(e *results.Evaluation) entry {
	out := entry{
		ID: e.ID, Name: plain.Name(e.Model) + ", " + plain.Name(e.View) + " view, " + plain.Name(e.Place),
		F1:   plain.Three(e.Value(measure.Primary)),
		Size: plain.Count(e.Windows, "window") + " of " + plain.Count(e.Episodes, "episode"),
	}
	if e.Seed != "" {
		out.Name += ", seed " + plain.Name(e.Seed)
	}
	if out.Node = plain.Text(e.Node, 300); e.Output != "" {
		out.Output = plain.Text(e.Node+"."+e.Output, 300)
		out.Metrics, out.Made = results.Quoted(out.Output+"/"+score.MetricsFile), results.Quoted(out.Node)
		out.Digest = e.Digest
	} else {
		out.Node = "" // a source: nothing made it
	}
	for _, m := range e.Measures {
		out.Measures = append(out.Measures, measureRow{titleOf(m.Name), plain.Three(float64(m.Value)),
			estimateRange(m)})
	}
	out.addClasses(e.Metrics)
	return out
}

// addClasses adds the tables of phases.
func (out *entry) addClasses(m *score.Metrics) {
	for _, l := range m.Labels {
		out.Labels = append(out.Labels, plain.Phase(l))
	}
	for _, c := range m.Classes {
		f1, _ := score.Find(c.Measures, "f1")
		out.Classes = append(out.Classes, classRow{
			plain.Phase(c.Class), plain.Two(results.Value(c.Measures, "precision")), plain.Two(results.Value(c.Measures, "recall")),
			plain.Two(float64(f1.Value)),
			estimateRange(f1), c.Support, c.Episodes,
		})
	}
	for i, counts := range m.Confusion {
		out.Confusion = append(out.Confusion, newConfusionRow(i, counts, out.Labels))
	}
}

func newConfusionRow(i int, counts []int, labels []string) confusionRow {
	row, all := confusionRow{Class: labels[i]}, 0
	for _, n := range counts {
		all += n
	}
	for j, n := range counts {
		share := 0.0
		if all > 0 {
			share = min(max(float64(n)/float64(all), 0), 1)
		}
		row.Cells = append(row.Cells, confusionCell{
			N: n, Shade: int(math.RoundToEven(share * 9)), Right: i == j,
			Says: fmt.Sprintf("%s predicted as %s: %d (%.0f %%)", labels[i], labels[j], n, 100*share),
		})
	}
	return row
}

func estimateRange(e score.Estimate) string {
	low, high := e.Interval()
	if math.IsNaN(low) || math.IsNaN(high) {
		return "–"
	}
	return plain.Two(low) + " to " + plain.Two(high)
}

// titleOf returns the name of a measure for people.
func titleOf(key string) string {
	for _, m := range measure.All() {
		if m.Name == key {
			return m.Title
		}
	}
	return plain.Name(key)
}
