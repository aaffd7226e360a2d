package telemetry

import (
	"math/bits"
	"slices"
)

// A spread is how finite values lie: the least, the greatest, the median and the
// 95th percentile, as [quantile] has them.
type spread struct{ lo, hi, p50, p95 float64 }

// sortedSpread is the spread of the values in a and b, each of them sorted and
// not both empty.
func sortedSpread(a, b []float64) spread {
	lo, hi := ends(a, b)
	if lo == hi {
		return spread{lo, hi, lo, lo}
	}
	return spread{lo, hi, quantile(a, b, 0.5), quantile(a, b, 0.95)}
}

// selectSpread is the spread of values in any order, at least one; it puts them
// into another. It takes time in proportion to their number.
func selectSpread(a []float64) spread {
	lo, hi := extremes(a)
	if lo == hi {
		return spread{lo, hi, lo, lo}
	}
	p50, above := selectQuantile(a, 0, 0.5)
	p95, _ := selectQuantile(a, above, 0.95)
	return spread{lo, hi, p50, p95}
}

// selectQuantile is [quantile] of the values a in any order, of which those from
// the index done on are not below those before it, and q falls there. Of the
// values the same is true of the index that it returns.
func selectQuantile(a []float64, done int, q float64) (v float64, above int) {
	k, g := rank(len(a), q)
	place(a[done:], k-done)
	if k == len(a)-1 {
		return a[k], k
	}
	next, _ := extremes(a[k+1:])
	return lerp(a[k], next, g), k
}

// place puts the value that sorting would put at k there, none above it before
// and none below it after it (quickselect).
func place(a []float64, k int) {
	for rounds := 2 * bits.Len(uint(len(a))); len(a) > 24; rounds-- {
		if rounds == 0 { // the pivots were bad, which somebody may want
			slices.Sort(a)
			return
		}
		below, above := partition(a)
		switch {
		case k < below:
			a = a[:below]
		case k >= above:
			a, k = a[above:], k-above
		default:
			return
		}
	}
	insertionSort(a)
}

// partition parts at least 3 values by the median of the first, the middle and
// the last: those of a[:below] are not above it, those of a[above:] not below it,
// those between, if any, equal to it. Both outer parts are shorter than a.
func partition(a []float64) (below, above int) {
	first, middle, last := a[0], a[len(a)/2], a[len(a)-1]
	pivot := max(min(first, middle), min(max(first, middle), last))
	i, j := 0, len(a)-1
	for i <= j {
		for a[i] < pivot {
			i++
		}
		for a[j] > pivot {
			j--
		}
		if i <= j {
			a[i], a[j] = a[j], a[i]
			i++
			j--
		}
	}
	return j + 1, i
}

// extremes returns the least and the greatest of at least one value.
func extremes(a []float64) (lo, hi float64) {
	lo, hi = a[0], a[0]
	for _, x := range a {
		if x < lo {
			lo = x
		}
		if x > hi {
			hi = x
		}
	}
	return lo, hi
}
