// Package quantile divides the values of a column into bins of about as many rows each.
// [Cuts] finds where, [KeysOf] makes what finds the bin of a value quickly.
//
// Read cuts.go first, then keys.go.
package quantile

import "math"

// Cuts returns the cuts of a feature from its values in the training rows.
//
// Bin b holds the values v with cuts[b-1] <= v < cuts[b]; there is one bin per cut, and
// the last cut is the largest float32, above every value. At most bins cuts are
// returned. If there are not more distinct values than that, each has its own bin.
// Otherwise bins are filled in order of value, each with its fair share of the remaining
// rows, and equal values are never separated.
//
// values is sorted by Cuts and must not contain a missing value.
func Cuts(values []float32, bins int, by *Sorter) []float32 {
	by.sort(values)
	distinct := distinctOf(values) // those from the next on
	var cuts []float32
	rows, left := 0, len(values) // rows in the open bin, rows in it and after it
	for at := 0; at < len(values); distinct-- {
		n := firstRun(values[at:])
		free := bins - len(cuts) // bins left, the open one among them
		fits := distinct < free
		if free > 1 && rows > 0 && (fits || full(rows, n, left, free)) {
			cuts = append(cuts, between(values[at-1], values[at]))
			left -= rows
			rows = 0
		}
		rows += n
		at += n
	}
	if len(values) > 0 {
		cuts = append(cuts, math.MaxFloat32)
	}
	return cuts
}

// full reports whether a bin of some rows is closer to its fair share of the left rows
// among the free bins without the next n rows than with them.
func full(rows, n, left, free int) bool {
	return 2*rows*free+n*free > 2*left
}

// distinctOf returns how many different values there are.
func distinctOf(sorted []float32) (n int) {
	for i, v := range sorted {
		if i == 0 || v != sorted[i-1] {
			n++
		}
	}
	return n
}

// firstRun returns how many values equal the first.
func firstRun(sorted []float32) int {
	n := 1
	for n < len(sorted) && sorted[n] == sorted[0] {
		n++
	}
	return n
}

// between returns a cut c with a < c <= b, half way if there is such a number.
func between(a, b float32) float32 {
	if c := float32((float64(a) + float64(b)) / 2); c > a {
		return c
	}
	return b
}
