package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// writeSummary writes the table that a terminal shows at the end of a run: macro F1 by
// split and view, aligned, and below it the profiles that were not tested.
func (r *results) writeSummary(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "macro F1 on the test part")
	fmt.Fprintln(b)
	writeAligned(b, r.summary(), len(r.lead()))
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
	return strconv.FormatFloat(c.MacroF1, 'f', 3, 64)
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
	writeAligned(w, rows, 2)
}

// writeAligned writes rows in columns, the first few to the left, the others to
// the right.
func writeAligned(w io.Writer, rows [][]string, left int) {
	var width []int
	for _, row := range rows {
		for i, text := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(text))
		}
	}
	for _, row := range rows {
		line := ""
		for i, text := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(text))
			if i < left {
				line += "  " + text + pad
			} else {
				line += "  " + pad + text
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}
