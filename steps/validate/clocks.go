package validate

import (
	"math"
	"slices"
	"sort"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/signal"
)

// order remarks on duplicate rows and on rows out of the order of time; the latter are
// sorted.
func (c *checker) order(s channel.Source, t *episode.Table) {
	var unordered, twice int
	for i := 1; i < t.Len(); i++ {
		if t.T[i] < t.T[i-1] {
			unordered++
		}
		if t.T[i] == t.T[i-1] && t.Mono[i] == t.Mono[i-1] {
			twice++
		}
	}
	if unordered > 0 {
		c.v.remark("rows_unordered", "%s: %d of %d rows lie before the row above them in time; they are sorted", s,
			unordered, t.Len())
	}
	if twice > 0 {
		c.v.remark("rows_twice", "%s: %d of %d rows have the times of the row above them", s, twice, t.Len())
	}
}

// clock compares the wall clock of a source with its monotonic clock, over the rows
// within the episode. A constant difference does not matter. A jump does: it puts rows
// under the wrong labels and beside the wrong rows of other sources, and nothing can
// repair that.
func (c *checker) clock(s channel.Source, t *episode.Table) {
	_, end := c.inside(s)
	c.offsets = c.offsets[:0]
	for i, at := range t.T {
		if d := at - t.Mono[i]; at >= -c.tolerance && at <= end+c.tolerance && !math.IsNaN(d) {
			c.offsets = append(c.offsets, d)
		}
	}
	if len(c.offsets) == 0 || slices.Max(c.offsets)-slices.Min(c.offsets) <= c.tolerance {
		return
	}
	slices.Sort(c.offsets)
	n := len(c.offsets)
	middle := c.offsets[n/2]
	far := sort.SearchFloat64s(c.offsets, middle-c.tolerance) +
		n - sort.SearchFloat64s(c.offsets, math.Nextafter(middle+c.tolerance, math.Inf(1)))
	if far == 0 {
		return
	}
	const format = "%s: t_wall_ns of %d of %d rows is off by more than %v s against t_mono_ns, by up to %.1f s"
	worst := max(c.offsets[n-1]-middle, middle-c.offsets[0])
	if far*100 > n { // a jump of the clock, not a few damaged rows
		c.v.reject("clock_jump", format, s, far, n, c.tolerance, worst)
		return
	}
	c.v.degrade("clock_stray", format, s, far, n, c.tolerance, worst)
}

// span compares the times of a source with the span of the episode.
func (c *checker) span(s channel.Source) {
	times, end := c.inside(s)
	if out := len(c.signals.Times(s)) - len(times); out > 0 {
		c.v.degrade("rows_outside", "%s: %d of %d rows lie more than %v s outside the episode, 0 to %.1f s",
			s, out, len(c.signals.Times(s)), c.tolerance, end)
	}
	if len(times) == 0 {
		return
	}
	var holes int
	var widest, at float64
	hole := func(from, to float64) {
		if to-from > c.p.MaxGap.Seconds() {
			holes++
			if to-from > widest {
				widest, at = to-from, from
			}
		}
	}
	hole(0, times[0])
	for i := 1; i < len(times); i++ {
		hole(times[i-1], times[i])
	}
	hole(times[len(times)-1], end)
	if holes > 0 {
		c.v.degrade("gap", "%s has no row for %.1f s from %.1f s on, the widest gap of %d; the episode has %.1f s", s,
			widest, at, holes, end)
	}
}

// inside returns the sorted times of a source that lie in the episode, plus or minus the
// tolerance, and the end of the episode.
func (c *checker) inside(s channel.Source) (times []float64, end float64) {
	times, end = c.signals.Times(s), signal.Duration(c.e, &c.signals)
	from := sort.Search(len(times), func(i int) bool { return !(times[i] < -c.tolerance) })
	to := sort.Search(len(times), func(i int) bool { return !(times[i] <= end+c.tolerance) })
	return times[from:max(from, to)], end
}

// coverage judges the telemetry as a whole.
func (c *checker) coverage() {
	rows := 0
	for s := range c.e.Tables {
		rows += c.e.Tables[s].Len()
	}
	if rows == 0 {
		c.v.reject("telemetry_missing", "no source has a usable row")
		return
	}
	if len(c.e.Labels.Rows) == 0 {
		return
	}
	last := math.Inf(-1)
	var end float64
	for s := range channel.Source(channel.NumSources) {
		times, d := c.inside(s)
		if end = d; len(times) > 0 {
			last = max(last, times[len(times)-1])
		}
	}
	switch {
	case math.IsInf(last, -1):
		c.v.reject("telemetry_outside", "no row of any source lies in the episode: the clocks of labels and "+
			"telemetry do not agree")
	case last < float64(c.p.MinCoverage)*end:
		c.v.reject("telemetry_short", "all telemetry ends at %.1f s of %.1f s", last, end)
	}
}

func away(a, b float64) float64 { return math.Abs(a - b) }
