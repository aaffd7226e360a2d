package report

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"

	"assay/steps/internal/results"
	"assay/steps/kit/aligned"
	"assay/steps/kit/plain"
)

// writeSummary writes what a terminal shows at the end of a run: for each view a table of
// macro F1, models by splits, and below them the profiles that were not tested.
func (d *document) writeSummary(w io.Writer) error {
	b := bufio.NewWriter(w)
	best := ""
	if len(d.Models) > 1 {
		best = "; * the best of a column"
	}
	fmt.Fprintf(b, "macro F1 on the test part, with %s intervals%s\n\n", d.level(), best)
	rows := d.summaryRows()
	fmt.Fprint(b, aligned.Text(rows, "  ", func(column int) bool { return column == 0 }))
	fmt.Fprintln(b)
	writeUntested(b, d.Splits)
	return b.Flush()
}

// summaryRows returns a heading, and for each view a row per model. A score and its
// interval are one text, so that their digits are aligned.
func (d *document) summaryRows() [][]string {
	head := []string{""}
	for _, s := range d.Columns() {
		head = append(head, columnName(s))
	}
	rows := [][]string{head}
	for _, v := range d.Views {
		if len(d.Models) > 1 {
			rows = append(rows, []string{plain.Name(v)})
		}
		for _, m := range d.Models {
			row := []string{"  " + plain.Name(m)}
			if len(d.Models) == 1 {
				row[0] = plain.Name(v)
			}
			for _, s := range d.Columns() {
				row = append(row, scoreText(d.Cell(m, v, s)))
			}
			rows = append(rows, row)
		}
	}
	windows, episodes := []string{"windows"}, []string{"episodes"}
	for _, s := range d.Splits {
		windows, episodes = append(windows, plain.Itoa(s.First.Windows)), append(episodes, plain.Itoa(s.First.Episodes))
	}
	return append(rows, windows, episodes)
}

// scoreText returns a macro F1 with its interval, and a mark if it is the best; a dash
// where there is none.
func scoreText(c *results.Cell) string {
	if c == nil {
		return "–"
	}
	text := plain.Three(c.Value)
	if !math.IsNaN(c.SD) {
		text += "±" + plain.Brief(c.SD)
	}
	if r := rangeText(c.Low, c.High); r != "" {
		text += " " + r
	}
	if c.Best {
		return "*" + text
	}
	return text
}

func writeUntested(w io.Writer, splits []*results.Split) {
	rows := [][]string{}
	for _, s := range splits {
		if len(s.Untested) > 0 {
			rows = append(rows, []string{plain.Name(s.Name), strings.Join(plain.Names(s.Untested), ", ")})
		}
	}
	if len(rows) == 0 {
		fmt.Fprintln(w, "untested profiles: none")
		return
	}
	fmt.Fprintln(w, "untested profiles (trained on, absent from the test part)")
	fmt.Fprintln(w)
	fmt.Fprint(w, aligned.Text(rows, "  ", func(int) bool { return true }))
}
