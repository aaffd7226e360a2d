package diff

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"assay/steps/kit/aligned"
)

// labelWidth is how wide the labels of rows may be.
const labelWidth = 22

// scores writes the table of a measure. Where it is wider than the terminal, it leaves
// out the intervals of the states, but never that of a difference.
func (t *text) scores(s *Scores) {
	if len(s.Evaluations) == 0 {
		return
	}
	fmt.Fprintf(t, "\n%s\n", s.title())
	table := scoreTable(s, (*Estimate).interval)
	if widest(table) > t.width {
		table = scoreTable(s, (*Estimate).value)
	}
	for line := range strings.Lines(table) {
		fmt.Fprintln(t, clip(strings.TrimRight(line, "\n"), t.width))
	}
	if note := s.note(); note != "" {
		fmt.Fprintf(t, "  %s\n", clip(note, t.width-2))
	}
}

// scoreTable returns the table with the scores of the states as show writes them.
func scoreTable(s *Scores, show func(*Estimate) string) string {
	rows := [][]string{{"", "old", "new", "difference", "p"}}
	for _, b := range s.blocks() {
		rows = append(rows, []string{clip(b.title, labelWidth)})
		for _, r := range b.rows {
			rows = append(rows, []string{"  " + clip(r.label(), labelWidth-2), show(r.Old), show(r.New), r.verdict(),
				r.Difference.p(s.Level)})
		}
	}
	return aligned.Text(rows, "  ", func(int) bool { return true })
}

func widest(table string) int {
	most := 0
	for line := range strings.Lines(table) {
		most = max(most, utf8.RuneCountInString(strings.TrimRight(line, "\n")))
	}
	return most
}
