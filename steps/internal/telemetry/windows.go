package telemetry

import (
	"fmt"
	"math"
	"sort"
)

// Windows are the features of one episode's windows, in the order of time.
type Windows struct {
	Center []float64 // N: seconds since the episode's zero
	Phase  []string  // N: the phase at the centre, see Labels.PhaseAt
	X      []float32 // N×NumFeatures row-major; NaN is missing
}

// A Summarizer computes the features of windows. Windows begin at the multiples
// of Stride and are half open: [start, start+Window). Its memory, and what it
// returned, is used again by the next call.
type Summarizer struct {
	Window, Stride float64 // seconds, above 0
	MaxWindows     int     // of one episode; see Limits.Windows

	work workspace
	x64  []float64 // before the cast
	out  Windows
}

// Summarize computes the windows of an episode whose signals are loaded: as many
// as fit into its duration, none if the episode has no labels. It fails if they
// would be more than MaxWindows.
func (z *Summarizer) Summarize(e *Episode, g *Signals) (Windows, error) {
	n, err := z.count(e, g)
	if err != nil {
		return Windows{}, err
	}
	z.out.Center, z.out.Phase = z.out.Center[:0], z.out.Phase[:0]
	z.x64 = resize(z.x64, n*NumFeatures)
	z.out.X = resize(z.out.X, n*NumFeatures)
	half := float64(z.Window / 2) // by itself: a division by two is a product to the compiler
	for k := range n {
		start := float64(float64(k) * z.Stride)
		center := start + half
		z.out.Center = append(z.out.Center, center)
		z.out.Phase = append(z.out.Phase, e.Labels.PhaseAt(center))
		z.window(g, start, z.x64[k*NumFeatures:(k+1)*NumFeatures])
	}
	for i, x := range z.x64 {
		z.out.X[i] = float32(x)
	}
	return z.out, nil
}

// count returns how many windows fit: ceil((duration - window + 1 ns) / stride).
func (z *Summarizer) count(e *Episode, g *Signals) (int, error) {
	if len(e.Labels.Rows) == 0 {
		return 0, nil
	}
	d := Duration(e, g)
	if d < z.Window {
		return 0, nil
	}
	n := math.Ceil((d - z.Window + 1e-9) / z.Stride)
	if !(n <= float64(z.MaxWindows)) {
		return 0, fmt.Errorf("episode %s/%s: %v seconds make %v windows, at most %d are computed", e.Host, e.ID, d, n, z.MaxWindows)
	}
	return int(n), nil
}

// Duration returns the seconds that an episode's windows have to fit into: what
// meta.json says, or else the time of the last row of any source.
func Duration(e *Episode, g *Signals) float64 {
	if e.Meta.Duration > 0 {
		return e.Meta.Duration
	}
	last := 0.0
	for s := range Source(NumSources) {
		if t := g.Times(s); len(t) > 0 {
			if end := t[len(t)-1]; end > last { // false for NaN
				last = end
			}
		}
	}
	return last
}

// window computes the features of the window that begins at start.
func (z *Summarizer) window(g *Signals, start float64, out []float64) {
	var from, to [NumSources]int
	for s := range Source(NumSources) {
		from[s] = firstAt(g.Times(s), start)
		to[s] = firstAt(g.Times(s), start+z.Window)
	}
	for c := range channels {
		s := channels[c].Source
		lo, hi := from[s], to[s]
		if channels[c].Kind == Counter { // its series lacks the first sample
			lo, hi = max(lo-1, 0), max(hi-1, 0)
		}
		series := g.Series(c)
		z.work.stats(series.T[lo:hi], series.V[lo:hi], out[c*NumStats:(c+1)*NumStats])
	}
}

// firstAt returns the index of the first stamp that is not before t. Stamps that
// are NaN stand last and are before nothing.
func firstAt(times []float64, t float64) int {
	return sort.Search(len(times), func(i int) bool { return !(times[i] < t) })
}
