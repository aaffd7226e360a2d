package scores

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/cmd/assay/internal/plain"
	"assay/steps/kit/aligned"
	"assay/steps/kit/score"
)

// Text writes the table for a terminal of a width; level is the confidence of its
// intervals. Columns that do not fit beside the others come below.
func (t *Table) Text(w io.Writer, level float64, width int) error {
	fmt.Fprintf(w, "%s, %.4g %% intervals over episodes%s\n", t.Measure.Title, 100*level, t.legend())
	for _, view := range t.Views {
		rows := t.rows(view)
		for len(rows[0]) > 1 {
			n := fitting(rows, width)
			var part [][]string
			for i := range rows {
				part = append(part, rows[i][:n:n])
				rows[i] = append(rows[i][:1:1], rows[i][n:]...)
			}
			fmt.Fprintf(w, "\n%s", aligned.Text(part, "", func(int) bool { return true }))
		}
	}
	return nil
}

// legend explains the table's marks, if it has any.
func (t *Table) legend() string {
	text := ""
	if t.Measure.Lower {
		text = ", lower is better"
	}
	best := func(c *Cell) bool { return c != nil && c.Best }
	if slices.ContainsFunc(t.Rows, func(r Row) bool { return slices.ContainsFunc(r.Cells, best) }) {
		text += "; * is the best of its column"
	}
	return text
}

// rows returns the cells of a view as text, below a heading.
func (t *Table) rows(view string) [][]string {
	head := []string{plain.Printable(view)}
	for _, s := range t.Splits {
		head = append(head, plain.Printable(s))
	}
	if len(t.Splits) > 1 {
		head = append(head, "mean")
	}
	rows := [][]string{head}
	for _, r := range t.Rows {
		if r.View != view {
			continue
		}
		row := []string{"  " + plain.Printable(r.Model)}
		for _, c := range r.Cells {
			row = append(row, c.text())
		}
		if len(t.Splits) > 1 {
			row = append(row, r.Mean.text())
		}
		rows = append(rows, row)
	}
	return rows
}

// fitting returns how many columns fit into a width: at least the first two.
func fitting(rows [][]string, width int) int {
	used := 0
	for i := range rows[0] {
		most := 0
		for _, row := range rows {
			most = max(most, utf8.RuneCountInString(row[i]))
		}
		if used += most; used > width && i > 1 {
			return i
		}
		used += len("  ")
	}
	return len(rows[0])
}

// text returns "0.812 [0.771, 0.843] *".
func (c *Cell) text() string {
	if c == nil || math.IsNaN(c.Value) {
		return "-"
	}
	text := fmt.Sprintf("%.3f", c.Value)
	if !math.IsNaN(c.Low) {
		text += fmt.Sprintf(" [%.3f, %.3f]", c.Low, c.High)
	}
	if c.Best {
		text += " *"
	}
	return text
}

// A Line is one evaluation and measure, for programs.
type Line struct {
	Artifact string       `json:"artifact"`
	Model    string       `json:"model"`
	View     string       `json:"view"`
	Split    string       `json:"split"`
	Seed     string       `json:"seed"`
	Measure  string       `json:"measure"`
	Value    score.Number `json:"value"`
	Low      score.Number `json:"low"`
	High     score.Number `json:"high"`
	Level    score.Number `json:"level"`
	Windows  int          `json:"windows"`
	Episodes int          `json:"episodes"`
}

// Lines returns the evaluations as they were written, one line for each measure.
func Lines(list []*Evaluation, measures []string) []Line {
	lines := []Line{}
	for _, e := range list {
		for _, m := range measures {
			v, _ := score.Find(e.Measures, m)
			low, high := v.Interval()
			lines = append(lines, Line{
				Artifact: e.Artifact, Model: e.Model, View: e.View, Split: e.Place, Seed: e.Seed, Measure: m,
				Value: v.Value, Low: score.Number(low), High: score.Number(high),
				Level: score.Number(e.Bootstrap.Level), Windows: e.Windows, Episodes: e.Episodes,
			})
		}
	}
	return lines
}

// WriteCSV writes lines with the names of the fields as heading.
func WriteCSV(w io.Writer, lines []Line) error {
	rows := [][]string{strings.Fields("artifact model view split seed measure value low high level windows episodes")}
	for _, l := range lines {
		rows = append(rows, []string{l.Artifact, l.Model, l.View, l.Split, l.Seed, l.Measure, digits(l.Value),
			digits(l.Low), digits(l.High), digits(l.Level), strconv.Itoa(l.Windows), strconv.Itoa(l.Episodes)})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// digits returns the shortest digits that read back as x; nothing for what is not defined.
func digits(x score.Number) string {
	if math.IsNaN(float64(x)) {
		return ""
	}
	return strconv.FormatFloat(float64(x), 'g', -1, 64)
}
