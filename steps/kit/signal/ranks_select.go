package signal

import (
	"math/bits"
	"slices"
)

// A spread is where the middle and the upper end of finite values lie, as
// [quantile] has them.
type spread struct {
	p50, p95 float64
	equal    bool // all values are
}

// sortedSpread is the spread of the values in a and b, each of them sorted and
// not both empty.
func sortedSpread(a, b []float64) spread {
	if lo, hi := ends(a, b); lo == hi {
		return spread{lo, lo, true}
	}
	return spread{p50: quantile(a, b, 0.5), p95: quantile(a, b, 0.95)}
}

// selectSpread is the spread of values in any order, at least one; it puts them
// into another. It takes time in proportion to their number.
func selectSpread(a []float64) spread {
	first := a[0]
	if !slices.ContainsFunc(a, func(x float64) bool { return x != first }) {
		return spread{first, first, true}
	}
	p50, k := selectQuantile(a, 0, 0.5)
	p95, _ := selectQuantile(a, k, 0.95)
	return spread{p50: p50, p95: p95}
}

// selectQuantile is [quantile] of at least two values in any order, for a q below
// 1. Those from done on are not below those before, and q falls among them. The
// values then lie so about the index that it returns.
func selectQuantile(a []float64, done int, q float64) (v float64, at int) {
	k, g := rank(len(a), q)
	place(a[done:], k-done)
	return lerp(a[k], least(a[k+1:]), g), k
}

// place puts the value that sorting would put at k there, none above it before
// and none below it after it (quickselect).
func place(a []float64, k int) {
	for rounds := 2 * bits.Len(uint(len(a))); len(a) > 24; rounds-- {
		if rounds == 0 { // the pivots were bad, as somebody may intend
			slices.Sort(a)
			return
		}
		pivot := middle(a[0], a[len(a)/2], a[len(a)-1])
		below := partition(a, pivot)
		if k < below {
			a = a[:below]
			continue
		}
		a, k = a[below:], k-below
		equal := partitionEqual(a, pivot) // many values of a channel often are
		if k < equal {
			return
		}
		a, k = a[equal:], k-equal
	}
	insertionSort(a)
}

// middle returns the middle one of three values.
func middle(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// partition puts the values below the pivot first, and returns how many they are.
// Which way a comparison goes nobody can guess, so nothing jumps on it.
func partition(a []float64, pivot float64) (n int) {
	for i, x := range a {
		a[i], a[n] = a[n], x
		n += one(x < pivot)
	}
	return n
}

// partitionEqual puts those first that are not above the pivot.
func partitionEqual(a []float64, pivot float64) (n int) {
	for i, x := range a {
		a[i], a[n] = a[n], x
		n += one(x <= pivot)
	}
	return n
}

// one is 1 for true, which the compiler makes without a jump.
func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// least returns the least of at least one value.
func least(a []float64) float64 {
	lo := a[0]
	for _, x := range a {
		if x < lo {
			lo = x
		}
	}
	return lo
}
