package validate

import (
	"math"
	"slices"
	"strings"

	"assay/steps/kit/channel"
	"assay/steps/kit/signal"
)

// slack is how far, in seconds, two wall clocks of one episode may differ without a
// remark. Recordings agree to the millisecond; the rows of a busy guest are off by some
// tens of them.
const slack = 0.5

// moved is the part of the rows of a source from which on a difference counts as a step
// of its clock. A starved guest delivers a few rows seconds late.
const moved = 0.2

// apart compares the wall clocks of labels and sources. Labels and the rows of proc,
// guest and qmp share the monotonic clock of the episode. So the difference between wall
// clock and monotonic clock is the same for all of them, unless a wall clock was wrong.
// A source that visibly has another monotonic clock is not compared.
func (c *checker) apart() {
	labels := c.labelOffsets()
	if len(labels) == 0 {
		return
	}
	zero := middle(labels)
	var sources []float64
	var far []string
	for _, s := range []channel.Source{channel.Proc, channel.Guest, channel.QMP} {
		offsets, ok := c.sourceOffsets(s)
		if !ok {
			continue
		}
		m := middle(offsets)
		sources = append(sources, m)
		if away(m, zero) > slack {
			far = append(far, s.String())
		}
		c.stepped(s, offsets, m)
	}
	if len(far) > 0 {
		c.v.remark("clock_apart",
			"at one t_mono_ns, t_wall_ns of %s lies up to %.1f s from that of the labels, beyond %v s",
			strings.Join(far, ", "), widest(sources, zero), slack)
	}
	if len(far) == len(sources) && len(far) > 0 {
		return // all labels differ, which was reported
	}
	if len(sources) > 0 {
		zero = middle(sources)
	}
	var stray tally
	for i := range labels {
		if far := away(labels[i], zero); far > slack && far <= c.tolerance { // beyond it is labels_clock
			stray.add(i)
		}
	}
	if stray.n > 0 {
		c.v.remark("label_apart", "t_wall_ns of a label lies %.1f s from that of the telemetry at the same "+
			"t_mono_ns, beyond %v s (%d such rows)",
			labels[stray.first]-zero, slack, stray.n)
	}
}

// labelOffsets lists, for the labels, the wall clock minus the monotonic clock, in
// seconds since the start of the episode.
func (c *checker) labelOffsets() []float64 {
	var list []float64
	for _, l := range c.e.Labels.Rows {
		if l.MonoNs != 0 {
			list = append(list, l.T-float64(l.MonoNs)/1e9)
		}
	}
	return list
}

// sourceOffsets lists the same for a source. It returns false if the source has another
// monotonic clock than the labels: most of its rows are then outside the episode.
func (c *checker) sourceOffsets(s channel.Source) ([]float64, bool) {
	t := &c.e.Tables[s]
	first := float64(c.e.Labels.Rows[0].MonoNs) / 1e9
	end := first + signal.Duration(c.e, &c.signals) + c.tolerance
	inside := 0
	c.offsets = c.offsets[:0]
	for i, at := range t.T {
		if d := at - t.Mono[i]; !math.IsNaN(d) {
			c.offsets = append(c.offsets, d)
			inside += btoi(t.Mono[i] >= first-c.tolerance && t.Mono[i] <= end)
		}
	}
	return c.offsets, inside*2 > t.Len() && inside > 0
}

// stepped remarks on a clock that moved during the episode by less than a jump.
func (c *checker) stepped(s channel.Source, offsets []float64, middle float64) {
	n := 0
	worst := 0.0
	for _, d := range offsets {
		if far := away(d, middle); far > slack && far <= c.tolerance {
			n++
			worst = max(worst, far)
		}
	}
	if float64(n) >= moved*float64(len(offsets)) && n > 1 {
		c.v.remark("clock_step",
			"%s: t_wall_ns of %d of %d rows is off by more than %v s against t_mono_ns, by up to %.1f s",
			s, n, len(offsets), slack, worst)
	}
}

// widest returns the largest difference of the numbers from a value.
func widest(list []float64, from float64) (far float64) {
	for _, x := range list {
		far = max(far, away(x, from))
	}
	return far
}

// middle returns the median of the numbers, at least one.
func middle(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// idle remarks on a guest whose idle time never changes: its counters are not kept, or
// it was never idle.
func (c *checker) idle() {
	t := &c.e.Tables[channel.Guest]
	from, _ := channel.Columns(channel.Guest)
	channels := channel.All()
	column := slices.IndexFunc(channels[from:], func(ch channel.Channel) bool { return ch.Name == "guest.cpu_idle" })
	var values []float64
	for i := column; i < len(t.V); i += t.Width {
		if !math.IsNaN(t.V[i]) {
			values = append(values, t.V[i])
		}
	}
	if len(values) > 1 && slices.Max(values) == slices.Min(values) {
		c.v.remark("idle_still", "the guest's idle time stands at %v in all of %d rows", values[0], len(values))
	}
}
