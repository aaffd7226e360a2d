package signal

import (
	"math"

	"assay/steps/kit/channel"
)

// A Flow keeps the newest rows of one source of a stream, as a window needs them. Its counters are
// rates already, so rows can be forgotten without changing the rates of others.
//
// Call Append for each row in the order of time, [Set.Take] to look at a window, and Forget when
// no later window begins before some time.
type Flow struct {
	source channel.Source
	cures  channel.Cures

	t, v   []float64 // N stamps, N×width values
	raw    []float64 // the last row, before its counters became rates
	before float64   // its stamp
	keep   []bool
}

// NewFlow returns the flow of a source, without rows.
func NewFlow(s channel.Source, cures channel.Cures) *Flow { return &Flow{source: s, cures: cures} }

// Len returns the number of rows that are kept.
func (f *Flow) Len() int { return len(f.t) }

// Append adds a row: its stamp, in seconds, and the values of the source's channels as they are in
// the file. Stamps are finite and do not fall.
func (f *Flow) Append(t float64, row []float64) {
	from, to := channel.Columns(f.source)
	for c := from; c < to; c++ {
		f.v = append(f.v, f.value(channel.At(c), t, row, c-from))
	}
	f.raw, f.before = append(f.raw[:0], row...), t
	f.t = append(f.t, t)
}

// value is what the series of a channel has for a row.
func (f *Flow) value(c channel.Channel, t float64, row []float64, i int) float64 {
	switch {
	case c.Kind == channel.Counter && len(f.raw) == 0:
		return math.NaN()
	case c.Kind == channel.Counter:
		return rate(t-f.before, row[i], f.raw[i], f.cures.ResetsMissing)
	case c.Form == channel.Length:
		return absentCount(row[i], f.cures.AbsentListsMissing)
	}
	return row[i]
}

// Forget drops the rows before a time, but for those that hold the last finite value of a channel:
// a tensor may be interpolated from there.
func (f *Flow) Forget(start float64) {
	n := firstAt(f.t, start)
	width := f.width()
	f.keep = resize(f.keep, n)
	clear(f.keep)
	for c := range width {
		for i := n - 1; i >= 0; i-- {
			if !notFinite(f.v[i*width+c]) {
				f.keep[i] = true
				break
			}
		}
	}
	kept := 0
	for i := range f.t {
		if i >= n || f.keep[i] {
			f.t[kept] = f.t[i]
			copy(f.v[kept*width:(kept+1)*width], f.v[i*width:(i+1)*width])
			kept++
		}
	}
	f.t, f.v = f.t[:kept], f.v[:kept*width]
}

func (f *Flow) width() int {
	from, to := channel.Columns(f.source)
	return to - from
}

// Open reports whether a sample of a channel that is still to come may change the value at a point
// in time: there is a finite one before the point, none at it or after it, and a later one than
// seen, which is after time now, would not be too far away.
func (f *Flow) Open(channelOfSource int, point, now float64) bool {
	width := f.width()
	for i := len(f.t) - 1; i >= 0; i-- {
		if !notFinite(f.v[i*width+channelOfSource]) {
			return f.t[i] < point && !(f.cures.MaxGap > 0 && now-f.t[i] > f.cures.MaxGap)
		}
	}
	return false
}

// Take makes the series of a source from the rows of a flow, in place of [Set.Load].
func (g *Set) Take(f *Flow) {
	n, width := len(f.t), f.width()
	from, _ := channel.Columns(f.source)
	// A row without values goes first: of a counter, a series lacks the first row.
	t := g.times[f.source][:0]
	if n > 0 {
		t = append(append(t, f.t[0]), f.t...)
	}
	g.times[f.source] = t
	cells := resize(g.taken[f.source], len(t)*width)
	g.taken[f.source] = cells
	for c := range width {
		v := cells[c*len(t) : (c+1)*len(t)]
		if n > 0 {
			v[0] = math.NaN()
		}
		for i := range n {
			v[i+1] = f.v[i*width+c]
		}
		g.series[from+c] = Series{t, v}
		if n > 0 && channel.At(from+c).Kind == channel.Counter {
			g.series[from+c] = Series{t[1:], v[1:]}
		}
	}
}
