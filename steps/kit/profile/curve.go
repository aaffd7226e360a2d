package profile

import (
	"math"

	"assay/steps/kit/episode"
	"assay/steps/kit/signal"
)

// Cures replace quirks of the original's alignment, each by itself. Without any, every
// number is the original's.
type Cures struct {
	// SegmentMidpoints puts the points of a phase into the middles of equal pieces of it.
	// The original's go from its first instant to its last, so the first point of an
	// episode lies before the first rate and the last one after the last sample.
	SegmentMidpoints bool

	// MissingPoints leaves a point without a value in any episode missing. The original
	// makes it 0, which then counts in the range that the median is scaled by.
	MissingPoints bool

	// ContiguousSegments takes the first walk through the phases without a break. The
	// original lets a phase last from its first start to its last end, over all that is
	// between. With it, labels of no known phase are passed over, and nothing is made up.
	ContiguousSegments bool

	// NoInventedSegments gives no points to a phase that is not there. The original makes
	// up 0.1 s for armed if infecting is missing, and for a tail that is missing, and 1 s
	// for a last phase that begins after the episode's end.
	NoInventedSegments bool

	// MaxGap, in seconds, is the longest distance of two samples that a value is
	// interpolated across. 0 is no limit.
	MaxGap float64
}

// An Aligner makes curves.
type Aligner struct {
	Layout Layout
	Cures  Cures

	grid []float64
}

// Curve puts the curve of a series of an episode into out, which has as many values as the
// layout has points: NaN where there are none. Its error is an [Unused] if the episode has
// no curve.
func (a *Aligner) Curve(e *episode.Episode, s signal.Series, out []float64) error {
	w, err := walkOf(e.Labels.Rows, e.Meta.Duration, a.Cures)
	if err != nil {
		return err
	}
	if len(s.T) < 2 {
		return TooShort
	}
	if len(a.grid) != a.Layout.Len() {
		a.grid = make([]float64, a.Layout.Len())
	}
	a.Layout.grid(w, a.Cures.SegmentMidpoints, a.grid)
	finite := s.Sample(a.grid, a.Cures.MaxGap, out)
	for i, v := range out {
		if finite < 2 || v-v != 0 { // one sample is no line, and what overflowed no value
			out[i] = math.NaN()
		}
	}
	return nil
}
