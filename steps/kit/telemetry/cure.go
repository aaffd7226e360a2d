package telemetry

import (
	"fmt"
	"math"
	"slices"
)

// Cures replace quirks of the original, each by itself. Without any, every
// number is the original's.
type Cures struct {
	// RetimeNetflow gives the rows of netflow the time within the second that
	// their recorder cut off; see [retime].
	RetimeNetflow bool

	// MaxGap, seconds, is the longest distance of two finite samples that a
	// tensor is interpolated across: a point of the grid that lies between
	// samples further apart is missing, a point on a sample is not. 0 is no
	// limit. Summaries interpolate nothing.
	MaxGap float64

	// ResetsMissing makes the rate at a counter's sample missing if the sample
	// is lower than the one before: the counter began again, or the process it
	// counts for is another one. The next rate is whole again.
	ResetsMissing bool

	// AbsentListsMissing makes the length of a list missing where a row does not
	// have the list or has null in its place. The original counts 0.
	AbsentListsMissing bool

	// ExactConstants makes the standard deviation of equal values exactly 0. In
	// the original it is what rounding leaves of the mean. (The slope of equal
	// values is 0 with or without: the original's is noise that no two LAPACKs
	// share.)
	ExactConstants bool

	// ExcludeUnknownPhase leaves out the windows whose phase, at their centre, is
	// null or has no known name. In the original they are clean.
	ExcludeUnknownPhase bool
}

// names lists the cures in effect, for a schema's hash. They stand in a fixed
// order, and those that are off leave no trace: a new one changes no old hash.
func (c Cures) names() []string {
	var list []string
	add := func(on bool, name string) {
		if on {
			list = append(list, name)
		}
	}
	add(c.RetimeNetflow, "retime_netflow")
	add(c.MaxGap != 0, fmt.Sprintf("max_gap %v", c.MaxGap))
	add(c.ResetsMissing, "resets_missing")
	add(c.AbsentListsMissing, "absent_lists_missing")
	add(c.ExactConstants, "exact_constants")
	add(c.ExcludeUnknownPhase, "exclude_unknown_phase")
	return list
}

// retime moves stamps that were rounded down to whole seconds of the wall clock
// to their place within the second, in place.
//
// t are the rows' stamps and mono their monotonic clock, both in seconds, in the
// order of the file; zero is the wall clock at t = 0, Unix ns. The two clocks
// differ by an offset o that no row knows, but each rounded one bounds: mono+o is
// in [t, t+1). The largest t-mono that is within a second of their median is
// taken for o: the smallest offset that contradicts no row, late by less than the
// distance of two rows. The median keeps a stray clock out.
//
// Unless most stamps are whole seconds, the recorder does not round, and
// nothing is moved. A row that is not on a whole second, has no monotonic clock, or
// would leave its second keeps its stamp.
func retime(t, mono []float64, zero int64) {
	offsets := make([]float64, 0, len(t))
	for i := range t {
		if wholeSecond(t[i], zero) && !notFinite(mono[i]) {
			offsets = append(offsets, t[i]-mono[i])
		}
	}
	if 2*len(offsets) <= len(t) {
		return
	}
	slices.Sort(offsets)
	median := offsets[len(offsets)/2]
	last := len(offsets) - 1
	for offsets[last]-median >= 1 {
		last--
	}
	for i := range t {
		if at := mono[i] + offsets[last]; wholeSecond(t[i], zero) && at >= t[i] && at < t[i]+1 {
			t[i] = at
		}
	}
}

// wholeSecond reports whether a stamp is a whole second of the wall clock. Past
// a month from zero a double does not hold nanoseconds, and no stamp is.
func wholeSecond(t float64, zero int64) bool {
	const month = 31 * 86400
	if !(math.Abs(t) < month) {
		return false
	}
	ns := int64(math.RoundToEven(t * 1e9))
	return (ns%1e9+zero%1e9)%1e9 == 0
}
