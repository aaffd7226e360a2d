package signal

import (
	"math"
	"sort"
)

// interp gives the series (xp, fp) at each point of the ascending grid: on the
// line between the samples around it, NaN outside of them. Stamps ascend; among
// equal ones the last counts. fp is finite. It follows numpy.interp to the bit,
// also where a stamp is infinite or, at the end, NaN.
func interp(grid, xp, fp, out []float64) {
	for i, x := range grid {
		out[i] = interpAt(x, xp, fp)
	}
}

// interpAt is interp for one point.
func interpAt(x float64, xp, fp []float64) float64 {
	last := len(xp) - 1
	switch {
	case last < 0 || x < xp[0] || x > xp[last]:
		return math.NaN()
	case last == 0:
		return fp[0]
	}
	j := lastAt(xp, x)
	switch {
	case j < 0: // every stamp is NaN
		return math.NaN()
	case j == last || xp[j] == x:
		return fp[j]
	}
	slope := (fp[j+1] - fp[j]) / (xp[j+1] - xp[j])
	y := float64(slope*(x-xp[j])) + fp[j]
	if y != y { // a stamp is not finite: from the other end
		y = float64(slope*(x-xp[j+1])) + fp[j+1]
	}
	if y != y && fp[j] == fp[j+1] {
		y = fp[j]
	}
	return y
}

// lastAt returns the index of the last stamp that is not after x; -1 if there is
// none.
func lastAt(xp []float64, x float64) int {
	return sort.Search(len(xp), func(i int) bool { return !(xp[i] <= x) }) - 1
}
