package signal

import (
	"math"
	"slices"
)

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
