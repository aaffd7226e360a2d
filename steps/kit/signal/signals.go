package signal

import (
	"math"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// A Series is one channel over time. Both slices have the same length; T is
// ascending, stamps may be equal.
type Series struct {
	T []float64 // seconds since the episode's zero
	V []float64 // value, or rate per second for a counter; NaN is missing
}

// A Set holds an episode's channels as series. Its memory is used again by
// the next Load.
type Set struct {
	Cures channel.Cures // what Load, and those who work on the signals, put right

	times   [channel.NumSources][]float64
	series  [channel.Count]Series
	values  []float64
	order   []int32
	retimed []float64
	taken   [channel.NumSources][]float64 // values of flows
}

// Load makes the series of all channels of an episode: rows sorted by wall clock
// (stably; a clock that is NaN goes last), counters turned into rates. The rate
// at a sample is (v - v_before) / (t - t_before), NaN where both stamps are
// equal; a counter's series lacks the first sample.
func (g *Set) Load(e *episode.Episode) {
	need := 0
	for s := range e.Tables {
		need += e.Tables[s].Len() * e.Tables[s].Width
	}
	g.values = resize(g.values, need)
	free := g.values
	for s := range channel.Source(channel.NumSources) {
		t := &e.Tables[s]
		order := g.sort(s, g.stamps(s, e))
		from, to := channel.Columns(s)
		for c := from; c < to; c++ {
			v := free[:t.Len():t.Len()]
			free = free[t.Len():]
			column(v, t, c-from, order)
			g.series[c] = g.makeSeries(channel.At(c), g.times[s], v)
		}
	}
}

// LoadTimes is as much of Load as [Set.Times] and [Duration] need; no series
// of an earlier Load holds after it.
func (g *Set) LoadTimes(e *episode.Episode) {
	for s := range channel.Source(channel.NumSources) {
		g.sort(s, g.stamps(s, e))
	}
}

// Series returns the series of a channel, by its index in the registry.
func (g *Set) Series(channel int) Series { return g.series[channel] }

// Times returns the sorted stamps of a source's rows, in seconds.
func (g *Set) Times(s channel.Source) []float64 { return g.times[s] }

// makeSeries turns the samples v of a channel into its series, in place.
func (g *Set) makeSeries(c channel.Channel, t, v []float64) Series {
	switch {
	case c.Kind == channel.Counter:
		return rates(t, v, g.Cures.ResetsMissing)
	case c.Form == channel.Length:
		absentCounts(v, g.Cures.AbsentListsMissing)
	}
	return Series{t, v}
}

// absentCounts puts what an absent list stands for in place of its length.
func absentCounts(v []float64, missing bool) {
	for i, x := range v {
		v[i] = absentCount(x, missing)
	}
}

func absentCount(x float64, missing bool) float64 {
	switch {
	case x != 0:
		return x
	case missing && channel.IsAbsent(x):
		return math.NaN()
	}
	return 0
}

// stamps returns the times of a source's rows in the order of the file.
func (g *Set) stamps(s channel.Source, e *episode.Episode) []float64 {
	t := &e.Tables[s]
	if s != channel.Netflow || !g.Cures.RetimeNetflow {
		return t.T
	}
	g.retimed = append(g.retimed[:0], t.T...)
	retime(g.retimed, t.Mono, e.Labels.Zero())
	return g.retimed
}

// sort fills the times of a source from its stamps and returns the order of its
// rows, nil if that is the order of the file.
func (g *Set) sort(s channel.Source, t []float64) []int32 {
	g.times[s] = append(g.times[s][:0], t...)
	if slices.IsSortedFunc(t, compareTimes) {
		return nil
	}
	g.order = g.order[:0]
	for i := range t {
		g.order = append(g.order, int32(i))
	}
	slices.SortStableFunc(g.order, func(a, b int32) int { return compareTimes(t[a], t[b]) })
	for i, row := range g.order {
		g.times[s][i] = t[row]
	}
	return g.order
}

// compareTimes orders NaN after all else.
func compareTimes(a, b float64) int {
	switch {
	case a < b || !math.IsNaN(a) && math.IsNaN(b):
		return -1
	case a > b || math.IsNaN(a) && !math.IsNaN(b):
		return 1
	}
	return 0
}

func column(dst []float64, t *episode.Table, col int, order []int32) {
	if order == nil {
		for i := range dst {
			dst[i] = t.V[i*t.Width+col]
		}
		return
	}
	for i, row := range order {
		dst[i] = t.V[int(row)*t.Width+col]
	}
}

// rates turns the samples v into rates, in place. A sample below the one before
// has no rate if falls are missing, else a negative one.
func rates(t, v []float64, fallsMissing bool) Series {
	if len(v) < 2 {
		return Series{t[:0], v[:0]}
	}
	before := v[0]
	for i := 1; i < len(v); i++ {
		before, v[i] = v[i], rate(t[i]-t[i-1], v[i], before, fallsMissing)
	}
	return Series{t[1:], v[1:]}
}

// rate is that of a sample v which comes dt seconds after the one before.
func rate(dt, v, before float64, fallsMissing bool) float64 {
	if dt > 0 && !(fallsMissing && v < before) {
		return (v - before) / dt
	}
	return math.NaN()
}

// keepCells is how many elements of a buffer are worth keeping for the next episode.
const keepCells = 8 << 20

// resize returns a slice of length n, reusing b's memory if it suffices.
func resize[T any](b []T, n int) []T {
	switch {
	case n > keepCells:
		if cap(b) < n {
			return make([]T, n) // of a giant, which seldom comes
		}
	case cap(b) < n:
		return make([]T, n, n+n/2)
	case cap(b) > 2*keepCells:
		return make([]T, n) // a giant left it
	}
	return b[:n]
}
