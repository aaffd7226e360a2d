package report

import (
	"strings"

	"assay/steps/internal/results"
	"assay/steps/kit/booktabs"
	"assay/steps/kit/plain"
)

// headlineTeX is the scores as a table: models by views and splits.
func (d *document) headlineTeX() *booktabs.Table {
	t := &booktabs.Table{About: "Macro F1 on the test part, with " + d.level() + " intervals", Left: 1, Head: []string{"model"}}
	for _, v := range d.Views {
		t.Over = append(t.Over, booktabs.Span{Text: plain.Name(v), Columns: len(d.Columns())})
		for _, s := range d.Columns() {
			t.Head = append(t.Head, columnName(s))
		}
	}
	var rows [][]booktabs.Cell
	for _, m := range d.Models {
		row := []booktabs.Cell{{Text: plain.Name(m)}}
		for _, v := range d.Views {
			for _, s := range d.Columns() {
				row = append(row, scoreTeX(d.Cell(m, v, s)))
			}
		}
		rows = append(rows, row)
	}
	t.Blocks = []booktabs.Block{{Rows: rows}}
	for _, s := range d.Splits {
		if len(s.Untested) > 0 {
			t.Notes = append(t.Notes, "Untested in "+plain.Name(s.Name)+": "+strings.Join(plain.Names(s.Untested), ", "))
		}
	}
	return t
}

func scoreTeX(c *results.Cell) booktabs.Cell {
	if c == nil {
		return booktabs.Cell{Text: "–"}
	}
	out := booktabs.Cell{Text: plain.Three(c.Value), Bold: c.Best, Small: rangeText(c.Low, c.High)}
	if len(c.Evals) > 1 {
		out.Text += "±" + plain.Three(c.SD)
	}
	return out
}

// groupTeX is the scores of groups: a block for each view, groups by models.
func (d *document) groupTeX(k results.Grouping, table *results.GroupTable) *booktabs.Table {
	t := &booktabs.Table{About: k.Title + " on the test parts of all splits", Left: 1,
		Head: append(append([]string{k.By}, plain.Names(d.Models)...), "windows", "episodes")}
	for _, v := range d.Views {
		block := booktabs.Block{Title: plain.Name(v) + " view"}
		for _, g := range table.Names {
			row := []booktabs.Cell{{Text: k.Show(g)}}
			for _, m := range d.Models {
				row = append(row, booktabs.Cell{Text: plain.Two(table.Of(m, v, g))})
			}
			block.Rows = append(block.Rows, append(row, booktabs.Cell{Text: plain.Itoa(table.Windows[g])},
				booktabs.Cell{Text: plain.Itoa(table.Episodes[g])}))
		}
		t.Blocks = append(t.Blocks, block)
	}
	return t
}

// pairTeX is the pairs of models on the mean of the splits, or on the only one.
func (d *document) pairTeX() *booktabs.Table {
	t := &booktabs.Table{
		About: "Differences of " + plain.Name(d.Comparison.Measure) + ", paired over episodes, p values adjusted by Holm's method",
		Left:  2, Head: []string{"", "less", "difference", "interval", "p", "d"},
	}
	var titles []string
	blocks := map[string]*booktabs.Block{}
	for _, p := range d.Comparison.Pairs {
		if p.Split != d.Whole() {
			continue
		}
		title, a, b := plain.Name(p.A.View)+" view", p.A.Model, p.B.Model
		if p.A.View != p.B.View {
			title, a, b = "views", p.A.String(), p.B.String()
		}
		if blocks[title] == nil {
			titles, blocks[title] = append(titles, title), &booktabs.Block{Title: title}
		}
		blocks[title].Rows = append(blocks[title].Rows, []booktabs.Cell{{Text: plain.Name(a)}, {Text: plain.Name(b)},
			{Text: plain.Signed(float64(p.Difference)), Bold: p.Better != ""}, {Text: pairRange(&p)},
			{Text: pText(float64(p.Adjusted))}, {Text: plain.Two(float64(p.Effect))}})
	}
	for _, title := range titles {
		t.Blocks = append(t.Blocks, *blocks[title])
	}
	return t
}
