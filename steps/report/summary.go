package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"assay/steps/kit/aligned"
)

// writeSummary writes the table that a terminal shows at the end of a run: macro F1 by
// split and view, aligned, and below it the profiles that were not tested.
func (r *results) writeSummary(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "macro F1 on the test part")
	fmt.Fprintln(b)
	lead := len(r.lead())
	fmt.Fprint(b, aligned.Text(r.summary(), "  ", func(column int) bool { return column < lead }))
	fmt.Fprintln(b)
	writeUntested(b, r.Splits)
	return b.Flush()
}

// lead is the heading of the columns that name a row.
func (r *results) lead() []string {
	if len(r.Models) > 1 {
		return []string{"split", "model"}
	}
	return []string{"split"}
}

// summary returns a heading and a row for every split and model.
func (r *results) summary() [][]string {
	head := append(r.lead(), names(r.Views)...)
	rows := [][]string{append(head, "windows", "episodes")}
	for _, s := range r.Splits {
		for i, m := range s.Rows {
			row := []string{""}
			if i == 0 {
				row[0] = name(s.Name)
			}
			if len(r.Models) > 1 {
				row = append(row, name(m.Model))
			}
			for _, c := range m.Cells {
				row = append(row, scoreText(c))
			}
			rows = append(rows, append(row, strconv.Itoa(s.first.Windows), strconv.Itoa(s.first.Episodes)))
		}
	}
	return rows
}

// scoreText returns a macro F1 for a table; a dash where there is none.
func scoreText(c *cell) string {
	if c == nil {
		return "–"
	}
	return strconv.FormatFloat(c.f1(), 'f', 3, 64)
}

func writeUntested(w io.Writer, splits []*splitResult) {
	rows := [][]string{}
	for _, s := range splits {
		if len(s.Untested) > 0 {
			rows = append(rows, []string{name(s.Name), strings.Join(names(s.Untested), ", ")})
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
