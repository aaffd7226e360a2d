package diff

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"assay/cmd/assay/internal/plain"
	"assay/steps/kit/aligned"
)

// Text writes the difference for a terminal of a width.
func (d *Diff) Text(w io.Writer, width int) error {
	t := &text{Writer: bufio.NewWriter(w), d: d, width: width}
	t.rows("", [][]string{{"old", d.Old.title()}, {"new", d.New.title()}})
	t.settings()
	if d.Empty() {
		fmt.Fprintf(t, "\nno difference: %s the same\n", isOrAre(d.Same, "artifact"))
	}
	t.sources()
	t.steps()
	for i := range d.Metrics {
		t.scores(&d.Metrics[i])
	}
	t.lacks()
	return t.Flush()
}

// title names a state.
func (s *Side) title() string { return plain.Printable(s.State + " (" + s.About + ")") }

// text writes one difference.
type text struct {
	*bufio.Writer
	d     *Diff
	width int
}

// rows writes an aligned table below a heading, if it has rows. No line is longer than
// the width.
func (t *text) rows(heading string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	indent := ""
	if heading != "" {
		fmt.Fprintf(t, "\n%s\n", heading)
		indent = "  "
	}
	for line := range strings.Lines(aligned.Text(rows, indent, func(int) bool { return true })) {
		fmt.Fprintln(t, clip(strings.TrimRight(line, "\n"), t.width))
	}
}

// clip cuts a line to a width.
func clip(line string, width int) string {
	if r := []rune(line); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return line
}

func (t *text) settings() {
	for _, s := range []*Side{&t.d.Old, &t.d.New} {
		if s.Silent != "" {
			fmt.Fprintln(t, "\n"+clip("recipe: not compared; "+plain.Printable(s.Silent), t.width))
			return
		}
	}
	var rows [][]string
	for _, c := range t.d.Settings {
		rows = append(rows, []string{plain.Printable(c.Path), shown(c.Old) + " → " + shown(c.New)})
	}
	t.rows("recipe", rows)
}

func (t *text) sources() {
	var rows [][]string
	for _, c := range t.d.Sources {
		rows = append(rows, []string{plain.Printable(c.Name), digest(c.Old) + " → " + digest(c.New)})
	}
	t.rows("sources", rows)
}

func (t *text) steps() {
	var rows [][]string
	for i := range t.d.Steps {
		c := &t.d.Steps[i]
		rows = append(rows, []string{string(c.Change), c.name(), c.count(), c.reason()})
	}
	heading := "steps"
	if !t.d.Empty() {
		heading = fmt.Sprintf("steps (%s the same)", isOrAre(t.d.Same, "artifact"))
	}
	t.rows(heading, rows)
}

func isOrAre(n int, word string) string {
	if n == 1 {
		return plain.Plural(n, word) + " is"
	}
	return plain.Plural(n, word) + " are"
}

// lacks writes what is not made and what cannot be read, with the remedy.
func (t *text) lacks() {
	for _, l := range t.d.lacks() {
		fmt.Fprintf(t, "\n%s\n  such as: %s\n  to make: %s\n", l.what, clip(l.first, t.width-11), l.remedy)
	}
}
