package summary

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"assay/steps/kit/aligned"
	"assay/steps/kit/table"
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

	lines := [][]string{append([]string{"host", "profile"}, heads()...)}
	add := func(host, profile string, s *sum) {
		lines = append(lines, append([]string{host, profile}, s.cells()...))
	}
	for i, p := range rows {
		add(printable(p.host), printable(p.profile), at[p])
		if i == len(rows)-1 || rows[i+1].host != p.host {
			add(printable(p.host), "all", hosts[p.host])
		}
	}
	add("all", "all", all[true])
	return aligned.Text(lines, "", func(column int) bool { return column < 2 })
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
	head := append(append([]string{"reason"}, heads()...), "times", "for example")
	lines := [][]string{head}
	for _, name := range names {
		s := of[name]
		row := append([]string{printable(name)}, s.cells()...)
		lines = append(lines, append(row, strconv.Itoa(s.times), printable(s.first.Host+"/"+s.first.Episode)))
	}
	return aligned.Text(lines, "", func(column int) bool { return column == 0 || column == len(head)-1 })
}

func heads() []string {
	var h []string
	for _, s := range table.Statuses() {
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

// csvRows returns the same in the long form that tools prefer: one row per group.
func (c *census) csvRows() [][]string {
	rows := [][]string{{"host", "profile", "status", "reason", "episodes", "times"}}
	for _, g := range c.groups {
		t := c.tally[g]
		rows = append(rows, []string{g.host, g.profile, string(g.status), g.reason, strconv.Itoa(t.episodes),
			strconv.Itoa(t.times)})
	}
	return rows
}
