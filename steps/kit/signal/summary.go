package signal

import (
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// A Summarizer computes the features of windows, which begin at the multiples of
// Stride, and of whole episodes. Its memory, and what it returned, is used again
// by the next call.
type Summarizer struct {
	Window, Stride float64 // seconds, above 0
	MaxWindows     int     // of one episode; see Limits.Windows

	// Unknown keeps the windows of no known phase, as class -1, which a cure leaves out. They are
	// part of the past of those that follow.
	Unknown bool

	work   workspace
	placed placement
	rows   [channel.NumSources][]rowRange // of the windows
	halved [channel.NumSources]bool       // neighbours share a half, row by row
	halves halves
	x64    []float64 // before the cast
	out    Windows
	vector [channel.NumFeatures]float32
}

// A rowRange is the rows of a source that are in a window.
type rowRange struct{ from, middle, to int }

// Summarize computes the windows of an episode whose signals are loaded: as many
// as fit into its duration, none if the episode has no labels. It fails if they
// would be more than MaxWindows.
func (z *Summarizer) Summarize(e *episode.Episode, g *Set) (Windows, error) {
	if err := z.placed.place(geometry{z.Window, z.Stride, z.MaxWindows, z.Unknown}, e, g); err != nil {
		return Windows{}, err
	}
	return z.summarize(g), nil
}

// SummarizeAt computes the features of the one window that begins at start, in seconds. They are
// the bits that [Summarizer.Summarize] gives that window, also if the signals hold no more than
// its samples. The window has no class.
func (z *Summarizer) SummarizeAt(g *Set, start float64) []float32 {
	z.placed.only(start, z.Window)
	return z.summarize(g).X
}

// summarize computes the windows that are placed.
func (z *Summarizer) summarize(g *Set) Windows {
	n := len(z.placed.start)
	z.out.Center, z.out.Class = z.placed.center, z.placed.class
	z.x64 = resize(z.x64, n*channel.NumFeatures)
	z.out.X = resize(z.out.X, n*channel.NumFeatures)
	z.work.exact = g.Cures.ExactConstants
	for s := range channel.Source(channel.NumSources) {
		z.findRows(s, g.Times(s))
	}
	for c := range channel.Count {
		z.channel(c, g.Series(c))
	}
	for i, x := range z.x64 {
		z.out.X[i] = float32(x)
	}
	return z.out
}

// findRows finds the rows of a source that are in each window, and those before its
// middle.
func (z *Summarizer) findRows(s channel.Source, t []float64) {
	z.rows[s] = z.rows[s][:0]
	for _, start := range z.placed.start {
		z.rows[s] = append(z.rows[s], rowRange{firstAt(t, start), firstAt(t, start+z.Stride),
			firstAt(t, start+z.Window)})
	}
	z.halved[s] = z.Window == 2*z.Stride
	for k := 1; k < len(z.rows[s]); k++ {
		was, is := z.rows[s][k-1], z.rows[s][k]
		apart := is.from >= was.to                             // a window between them was left out
		halved := is.from == was.middle && is.middle == was.to // but for rounding, always
		z.halved[s] = z.halved[s] && (apart || halved)
	}
}

// channel computes the features of a channel in all windows. The half of a window
// that it shares with the next one is sorted once.
func (z *Summarizer) channel(c int, s Series) {
	z.halves.reset(s.V)
	source := channel.At(c).Source
	fast := z.halved[source] && !slices.ContainsFunc(s.V, notFinite)
	for k, r := range z.rows[source] {
		if channel.At(c).Kind == channel.Counter { // its series lacks the first sample
			r = rowRange{max(r.from-1, 0), max(r.middle-1, 0), max(r.to-1, 0)}
		}
		at := k*channel.NumFeatures + c*channel.NumStats
		t, v, out := s.T[r.from:r.to], s.V[r.from:r.to], z.x64[at:at+channel.NumStats]
		if !fast || len(v) == 0 {
			z.work.stats(t, v, out)
			continue
		}
		z.halves.sort(r.from, r.middle)
		z.halves.sort(r.middle, r.to)
		z.work.finiteStats(t, v, sortedSpread(z.halves.v[r.from:r.middle], z.halves.v[r.middle:r.to]), out)
	}
}

// halves are the values of a series, sorted half a window at a time.
type halves struct {
	v      []float64
	sorted int // how many
}

func (h *halves) reset(v []float64) {
	h.v, h.sorted = append(h.v[:0], v...), 0
}

// sort sorts the values [from, to), unless an earlier window did.
func (h *halves) sort(from, to int) {
	if to <= h.sorted {
		return
	}
	if part := h.v[from:to]; len(part) <= 64 {
		insertionSort(part)
	} else {
		slices.Sort(part)
	}
	h.sorted = to
}

// Vector computes the features of an episode as a whole: the statistics of each
// of its series from end to end, whatever its duration. All are missing if the
// episode has no labels.
func (z *Summarizer) Vector(e *episode.Episode, g *Set) []float32 {
	z.work.exact = g.Cures.ExactConstants
	z.x64 = resize(z.x64, channel.NumFeatures)
	for c := range channel.Count {
		s := g.Series(c)
		if len(e.Labels.Rows) == 0 {
			s = Series{}
		}
		z.work.stats(s.T, s.V, z.x64[c*channel.NumStats:(c+1)*channel.NumStats])
	}
	for i, x := range z.x64 {
		z.vector[i] = float32(x)
	}
	return z.vector[:]
}
