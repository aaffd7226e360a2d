package validate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// source judges the telemetry of one source.
func (c *checker) source(s channel.Source) {
	t := &c.e.Tables[s]
	if !t.Present {
		c.v.degrade("source_missing", "there is no %s", s.Entry())
		return
	}
	if n := t.Lost.Total(); n > 0 {
		c.v.degrade("rows_lost", "%s: %d of %d rows left out (%s), the first at line %d", s, n, n+t.Len(), lost(t.Lost),
			t.Lost.FirstLine)
	}
	if t.Len() == 0 {
		c.v.degrade("source_empty", "%s has no usable row", s.Entry())
		return
	}
	c.rows(s, t)
	c.values(s, t)
	c.order(s, t)
	if len(c.e.Labels.Rows) > 0 { // else time has no zero
		c.clock(s, t)
		c.span(s)
	}
}

// rows compares the number of rows with what the recorder counted.
func (c *checker) rows(s channel.Source, t *episode.Table) {
	want := c.e.Meta.Rows[s]
	got := int64(t.Len() + t.Lost.Total())
	switch {
	case want < 0:
		if c.e.Meta.Present && c.e.Meta.Broken == "" {
			c.v.remark("rows_uncounted", "meta.json does not count the rows of %s", s)
		}
	case float64(t.Len()) < float64(c.p.MinRows)*float64(want):
		c.v.degrade("rows_few", "%s has %d usable rows of the %d that meta.json counts", s, t.Len(), want)
	case got != want:
		c.v.remark("rows_differ", "%s has %d rows, meta.json counts %d", s, got, want)
	}
}

// values judges what the rows hold.
func (c *checker) values(s channel.Source, t *episode.Table) {
	if t.Texts > 0 {
		c.v.degrade("number_text", "%s: %d numbers are written as strings", s, t.Texts)
	}
	if t.NotFinite > 0 {
		c.v.degrade("number_not_finite", "%s: %d values are NaN or infinite and left out", s, t.NotFinite)
	}
	channels := channel.All()
	from, to := channel.Columns(s)
	var missing []string
	var counters []int
	for i := from; i < to; i++ {
		ch := &channels[i]
		if !ch.Optional && empty(t, i-from) {
			missing = append(missing, ch.Name)
		}
		if ch.Kind == channel.Counter && !ch.MayFall {
			counters = append(counters, i-from)
		}
	}
	if len(missing) > 0 { // nothing that was recorded is left out
		c.v.remark("channel_missing", "no row has a value for %s", strings.Join(missing, ", "))
	}
	if resets := c.falling(t, from, counters); len(resets) > 0 {
		c.v.degrade("counter_reset", "%d counters of %s fall, %s among them: a restart, a wrap, or rows of two "+
			"moments at one time", len(resets), s, channels[from+resets[0]].Name)
	}
}

// falling returns the counters of a table, given by column, whose rate is negative at
// any time. Column 0 is the channel from.
func (c *checker) falling(t *episode.Table, from int, counters []int) (fallen []int) {
	var fell [channel.Count]bool
	if slices.IsSorted(t.T) {
		rowsFall(t, counters, &fell)
	} else {
		c.signals.Load(c.e)
		for _, k := range counters {
			fell[k] = slices.ContainsFunc(c.signals.Series(from+k).V, func(rate float64) bool { return rate < 0 })
		}
	}
	for _, k := range counters {
		if fell[k] {
			fallen = append(fallen, k)
		}
	}
	return fallen
}

// rowsFall finds the counters that fall in rows that are in the order of time. It needs
// no series.
func rowsFall(t *episode.Table, counters []int, fell *[channel.Count]bool) {
	for i := 1; i < t.Len(); i++ {
		dt := t.T[i] - t.T[i-1]
		if !(dt > 0) {
			continue
		}
		before, row := t.V[(i-1)*t.Width:i*t.Width], t.V[i*t.Width:(i+1)*t.Width]
		for _, k := range counters {
			// The rate of a tiny fall may be rounded to nothing.
			if row[k] < before[k] && (row[k]-before[k])/dt < 0 {
				fell[k] = true
			}
		}
	}
}

func empty(t *episode.Table, column int) bool {
	for i := column; i < len(t.V); i += t.Width {
		if !math.IsNaN(t.V[i]) {
			return false
		}
	}
	return true
}

// A tally counts occurrences and remembers the first.
type tally struct{ n, first int }

func (t *tally) add(i int) {
	if t.n == 0 {
		t.first = i
	}
	t.n++
}

// lost lists why rows were lost, "3 no JSON object, 1 without t_wall_ns".
func lost(l episode.Lost) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{l.Syntax, "no JSON object"},
		{l.TooLong, "too long a line"},
		{l.NoClock, "without t_wall_ns"},
		{l.Refused, "with a value of no meaning"},
		{l.Excess, "beyond the number of rows that is read"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}
