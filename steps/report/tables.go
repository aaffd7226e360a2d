package report

import (
	"errors"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"assay/steps/internal/results"
	"assay/steps/kit/booktabs"
	"assay/steps/kit/files"
	"assay/steps/kit/measure"
	"assay/steps/kit/plain"
	"assay/steps/kit/score"
)

// writeTables writes every table as CSV and as LaTeX.
func writeTables(root *os.Root, d *document) error {
	errs := []error{
		writeCSV(root, "metrics.csv", d.metricRows()),
		writeCSV(root, "per_class.csv", d.classRows()),
		writeCSV(root, "groups.csv", d.groupRows()),
		writeTeX(root, "headline.tex", d.headlineTeX()),
	}
	for _, k := range results.Groupings() {
		if t := d.Gather(k); len(t.Names) > 0 {
			errs = append(errs, writeTeX(root, "by_"+k.By+".tex", d.groupTeX(k, t)))
		}
	}
	if d.Comparison != nil {
		errs = append(errs, writeCSV(root, "comparison.csv", d.pairRows()), writeTeX(root, "comparison.tex", d.pairTeX()))
	}
	return errors.Join(errs...)
}

func writeTeX(root *os.Root, name string, t *booktabs.Table) error {
	return files.Write(root, name, func(w io.Writer) error {
		_, err := t.WriteTo(w)
		return err
	})
}

// writeCSV writes rows. A text that a spreadsheet would take for a formula gets an
// apostrophe in front of it, which spreadsheets hide.
func writeCSV(root *os.Root, name string, rows [][]string) error {
	for _, row := range rows {
		for i, text := range row {
			if formula(text) {
				row[i] = "'" + text
			}
		}
	}
	return files.WriteCSV(root, name, rows)
}

// formula reports whether a spreadsheet would take a text that is no number for a formula.
func formula(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err != nil && strings.IndexAny(text, "=+-@") == 0
}

// who returns the columns that say which evaluation a row is of.
func who() []string { return []string{"split", "by", "model", "view", "seed"} }

func whoOf(e *results.Evaluation) []string {
	list := []string{e.Place, e.Split.By, e.Model, e.View, e.Seed}
	for i, s := range list {
		list[i] = plain.Text(s, plain.MaxName)
	}
	return list
}

// metricRows returns one row per evaluation, with all digits.
func (d *document) metricRows() [][]string {
	head := append(who(), estimateHeads(measureNames())...)
	rows := [][]string{append(head, "windows", "episodes", "rounds", "features", "untested_profiles", "node", "digest")}
	for _, e := range d.Evals {
		row := append(whoOf(e), estimateCells(e.Measures, measureNames())...)
		rows = append(rows, append(row, plain.Itoa(e.Windows), plain.Itoa(e.Episodes), plain.Itoa(e.Rounds),
			plain.Itoa(e.Features),
			strings.Join(plain.Names(e.Untested), "; "), plain.Text(e.Node, 300), e.Digest))
	}
	return rows
}

// classRows returns one row per evaluation and class.
func (d *document) classRows() [][]string {
	var list []string
	for _, m := range measure.PerClass() {
		list = append(list, m.Name)
	}
	rows := [][]string{append(append(who(), "class", "windows", "episodes", "predicted"), estimateHeads(list)...)}
	for _, e := range d.Evals {
		for _, c := range e.Classes {
			row := append(whoOf(e), plain.Text(c.Class, plain.MaxName), plain.Itoa(c.Support), plain.Itoa(c.Episodes),
				plain.Itoa(c.Predicted))
			rows = append(rows, append(row, estimateCells(c.Measures, list)...))
		}
	}
	return rows
}

// groupRows returns one row per evaluation and group of windows.
func (d *document) groupRows() [][]string {
	list := []string{measure.Primary, "accuracy", "log_loss"}
	rows := [][]string{append(append(who(), "grouped_by", "name", "windows", "episodes"), estimateHeads(list)...)}
	for _, e := range d.Evals {
		for _, g := range e.Groups {
			row := append(whoOf(e), plain.Text(g.By, plain.MaxName), plain.Text(g.Name, plain.MaxName),
				plain.Itoa(g.Windows), plain.Itoa(g.Episodes))
			rows = append(rows, append(row, estimateCells(g.Measures, list)...))
		}
	}
	return rows
}

// pairRows returns one row per pair of models and split.
func (d *document) pairRows() [][]string {
	rows := [][]string{{"family", "split", "model_a", "view_a", "model_b", "view_b", "difference", "low", "high", "p",
		"p_holm", "cohens_d", "episodes", "better"}}
	for _, p := range d.Comparison.Pairs {
		row := []string{p.Family, p.Split, p.A.Model, p.A.View, p.B.Model, p.B.View}
		for i := range row {
			row[i] = plain.Text(row[i], plain.MaxName)
		}
		for _, v := range []score.Number{p.Difference, p.Low, p.High, p.P, p.Adjusted, p.Effect} {
			row = append(row, digits(float64(v)))
		}
		rows = append(rows, append(row, plain.Itoa(p.Episodes), plain.Text(p.Better, plain.MaxName)))
	}
	return rows
}

func measureNames() []string {
	var list []string
	for _, m := range measure.All() {
		list = append(list, m.Name)
	}
	return list
}

func estimateHeads(list []string) []string {
	var head []string
	for _, n := range list {
		head = append(head, n, n+"_low", n+"_high")
	}
	return head
}

func estimateCells(from []score.Estimate, list []string) []string {
	var row []string
	for _, n := range list {
		e, _ := score.Find(from, n)
		low, high := e.Interval()
		row = append(row, digits(float64(e.Value)), digits(low), digits(high))
	}
	return row
}

// digits prints the shortest digits that read back as x; nothing for NaN.
func digits(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
