package diff

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"assay/cmd/assay/internal/plain"
)

// maxRows is how many rows of scores a pull request shows at once; more are folded away
// and only the means stay.
const maxRows = 8

// Markdown writes the difference for a pull request.
func (d *Diff) Markdown(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "### What changed in %s\n\n%s → %s\n", code(d.Recipe), code(d.Old.title()), code(d.New.title()))
	if d.Empty() {
		fmt.Fprintf(b, "\nNo difference: %s the same.\n", isOrAre(d.Same, "artifact"))
	}
	for i := range d.Metrics {
		if len(d.Metrics[i].Evaluations) > 0 {
			markdownScores(b, &d.Metrics[i])
		}
	}
	d.markdownRest(b)
	for _, l := range d.lacks() {
		fmt.Fprintf(b, "\n%s, such as %s. To make: %s\n", l.what, code(l.first), code(l.remedy))
	}
	return b.Flush()
}

// code returns text as code, whatever is in it.
func code(text string) string {
	return "`" + strings.ReplaceAll(plain.Printable(text), "`", "'") + "`"
}

// cell returns text for a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", "`", "'", "*", "\\*", "_", "\\_").Replace(plain.Printable(text))
}

// markdownScores writes the table of a measure: the means, and below them the rest.
func markdownScores(w io.Writer, s *Scores) {
	means, rest := [][]string{}, [][]string{}
	for _, b := range s.blocks() {
		for _, r := range b.rows {
			row := []string{b.title, r.label(), r.Old.interval(), r.New.interval(), r.verdict(),
				r.Difference.p(s.Level)}
			if r.Splits > 0 {
				means = append(means, row)
			} else {
				rest = append(rest, row)
			}
		}
	}
	fmt.Fprintf(w, "\n**%s**\n\n", s.title())
	folds := len(rest) > maxRows && len(means) > 0
	if !folds {
		means, rest = append(rest, means...), nil
	}
	markdownTable(w, []string{"model, view", "split", "old", "new", "difference", "p"}, means)
	if folds {
		fold(w, plain.Plural(len(rest), "evaluation"), func() {
			markdownTable(w, []string{"model, view", "split", "old", "new", "difference", "p"}, rest)
		})
	}
	if note := s.note(); note != "" {
		fmt.Fprintf(w, "\n%s\n", cell(note))
	}
}

func markdownTable(w io.Writer, head []string, rows [][]string) {
	fmt.Fprintf(w, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
	}
}

// fold writes what is shown only if the reader asks for it.
func fold(w io.Writer, summary string, content func()) {
	fmt.Fprintf(w, "\n<details><summary>%s</summary>\n\n", summary)
	content()
	fmt.Fprint(w, "\n</details>\n")
}

// markdownRest writes the changes of the recipe, and folds sources and steps away.
func (d *Diff) markdownRest(w io.Writer) {
	var rows [][]string
	for _, c := range d.Settings {
		rows = append(rows, []string{c.Path, shown(c.Old), shown(c.New)})
	}
	if len(rows) > 0 {
		fmt.Fprint(w, "\n**Recipe**\n\n")
		markdownTable(w, []string{"value", "old", "new"}, rows)
	}
	rows = nil
	for _, c := range d.Sources {
		rows = append(rows, []string{"changed", "source " + c.Name, digest(c.Old) + " → " + digest(c.New)})
	}
	for i := range d.Steps {
		c := &d.Steps[i]
		rows = append(rows, []string{string(c.Change), strings.TrimSpace(c.name() + " " + c.count()), c.reason()})
	}
	if len(rows) > 0 {
		summary := fmt.Sprintf("%s of sources and steps; %s the same", plain.Plural(len(rows), "change"),
			isOrAre(d.Same, "artifact"))
		fold(w, summary, func() { markdownTable(w, []string{"change", "what", "why"}, rows) })
	}
}
