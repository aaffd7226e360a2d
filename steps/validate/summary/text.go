package summary

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// text is the summary for a terminal: verdicts by host and profile, then reasons,
// the most frequent first.
func (c *census) text() string {
	if len(c.groups) == 0 {
		return "no episodes\n"
	}
	return c.verdicts() + "\n" + c.reasons()
}

// verdicts returns the table of statuses: one line per host and profile, then the total
// of the host, and at the end that of all.
func (c *census) verdicts() string {
	type row struct{ host, profile string }
	rows, at := sums(c, func(g group) (row, bool) { return row{g.host, g.profile}, g.reason == "" })
	_, hosts := sums(c, func(g group) (string, bool) { return g.host, g.reason == "" })
	_, all := sums(c, func(g group) (bool, bool) { return true, g.reason == "" })

	t := textTable{left: 2, rows: [][]string{append([]string{"host", "profile"}, heads()...)}}
	add := func(host, profile string, s *sum) {
		t.rows = append(t.rows, append([]string{host, profile}, s.cells()...))
	}
	for i, p := range rows {
		add(printable(p.host), printable(p.profile), at[p])
		if i == len(rows)-1 || rows[i+1].host != p.host {
			add(printable(p.host), "all", hosts[p.host])
		}
	}
	add("all", "all", all[true])
	return t.String()
}

// reasons returns the table of rules, the most frequent first, each with an example.
func (c *census) reasons() string {
	names, of := sums(c, func(g group) (string, bool) { return g.reason, g.reason != "" })
	if len(names) == 0 {
		return "no episode has a reason to be anything but accepted\n"
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(of[b].episodes, of[a].episodes), cmp.Compare(a, b))
	})
	t := textTable{left: 1, last: true, rows: [][]string{append(append([]string{"reason"}, heads()...), "times",
		"for example")}}
	for _, name := range names {
		s := of[name]
		row := append([]string{printable(name)}, s.cells()...)
		t.rows = append(t.rows, append(row, strconv.Itoa(s.times), printable(s.first.Host+"/"+s.first.Episode)))
	}
	return t.String()
}

func heads() []string {
	var h []string
	for _, s := range statuses {
		h = append(h, string(s))
	}
	return append(h, "episodes")
}

func (s *sum) cells() []string {
	var row []string
	for _, n := range s.by {
		row = append(row, strconv.Itoa(n))
	}
	return append(row, strconv.Itoa(s.episodes))
}

// printable returns a name as a terminal may show it: bounded, and quoted if it contains
// anything that would move the cursor.
func printable(name string) string {
	const most = 60
	if q := strconv.QuoteToGraphic(name); name == "" || q != `"`+name+`"` || strings.TrimSpace(name) != name {
		name = q
	}
	if utf8.RuneCountInString(name) > most {
		name = string([]rune(name)[:most]) + "…"
	}
	return name
}

// A textTable is aligned when it is printed: the first columns to the left, the
// others, which are numbers, to the right.
type textTable struct {
	left int  // how many columns are text
	last bool // the last one is, too
	rows [][]string
}

// String pads every cell to the width of its column and trims the ends of the lines.
func (t textTable) String() string {
	width := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range t.rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i < t.left || t.last && i == len(row)-1 {
				line.WriteString(cell + pad + "  ")
			} else {
				line.WriteString(pad + cell + "  ")
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// csv returns the same in the long form that tools prefer: one row per group.
func (c *census) csv() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"host", "profile", "status", "reason", "episodes", "times"}}
	for _, g := range c.groups {
		t := c.tally[g]
		rows = append(rows, []string{g.host, g.profile, string(g.status), g.reason, strconv.Itoa(t.episodes),
			strconv.Itoa(t.times)})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	return b.Bytes(), nil
}
