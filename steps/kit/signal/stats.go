package signal

import (
	"math"
	"slices"
)

// The statistics follow numpy 1.24 to the last bit where numpy is itself
// determined by its formula: the mean and the standard deviation sum pairwise,
// the percentiles are "linear". The slope is the centred closed form instead of
// numpy's polyfit, whose last digits depend on the LAPACK at hand; it is the more
// exact of the two, and exactly 0 for a constant.

// A workspace holds what the statistics of one window need.
type workspace struct {
	exact bool // equal values have a standard deviation of exactly 0

	v, t   []float64 // the finite samples, if not all are
	square []float64
	parted []float64
}

// stats writes the five statistics of the samples v at times t into out. Values
// that are not finite do not count; without any other all five are NaN.
func (w *workspace) stats(t, v, out []float64) {
	if t, v = w.finite(t, v); len(v) == 0 {
		for i := range out {
			out[i] = math.NaN()
		}
		return
	}
	w.parted = append(w.parted[:0], v...)
	w.finiteStats(t, v, selectSpread(w.parted), out)
}

// finiteStats is stats for values that are all finite, at least one, and whose
// spread is known.
func (w *workspace) finiteStats(t, v []float64, s spread, out []float64) {
	n := float64(len(v))
	mean := pairwise(v) / n
	w.square = resize(w.square, len(v))
	for i, x := range v {
		d := x - mean
		w.square[i] = float64(d * d)
	}
	out[0] = mean
	out[1] = 0
	if len(v) > 1 {
		out[1] = math.Sqrt(pairwise(w.square) / n)
	}
	out[2], out[3], out[4] = s.p50, s.p95, 0
	if !s.equal {
		out[4] = slope(t, v, mean)
	} else if w.exact {
		out[1] = 0
	}
}

// finite returns the samples whose value is finite.
func (w *workspace) finite(t, v []float64) (tf, vf []float64) {
	if !slices.ContainsFunc(v, notFinite) {
		return t, v
	}
	w.t, w.v = w.t[:0], w.v[:0]
	for i, x := range v {
		if !notFinite(x) {
			w.t, w.v = append(w.t, t[i]), append(w.v, x)
		}
	}
	return w.t, w.v
}

func notFinite(x float64) bool { return x-x != 0 }

// pairwise sums as numpy's add.reduce does over contiguous doubles. The grouping
// depends on the length, so sums over overlapping windows cannot be shared.
func pairwise(a []float64) float64 {
	n := len(a)
	switch {
	case n < 8:
		sum := 0.0
		for _, x := range a {
			sum += x
		}
		return sum
	case n > 128:
		half := n / 2
		half -= half % 8
		return pairwise(a[:half]) + pairwise(a[half:])
	}
	r := [8]float64(a)
	tail := a[8:]
	for ; len(tail) >= 8; tail = tail[8:] {
		b := (*[8]float64)(tail)
		r[0] += b[0]
		r[1] += b[1]
		r[2] += b[2]
		r[3] += b[3]
		r[4] += b[4]
		r[5] += b[5]
		r[6] += b[6]
		r[7] += b[7]
	}
	sum := ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
	for _, x := range tail {
		sum += x
	}
	return sum
}

// quantile interpolates between the two order statistics around q (n-1), as
// numpy.percentile does with its method "linear". The n values are in a and b,
// each of them sorted.
func quantile(a, b []float64, q float64) float64 {
	n := len(a) + len(b)
	k, g := rank(n, q)
	lo, hi := ranks(a, b, k)
	if k == n-1 {
		return lo
	}
	return lerp(lo, hi, g)
}

// rank returns where in n sorted values a quantile is: g of the way from k to the
// next, which is there unless k is the last.
func rank(n int, q float64) (k int, g float64) {
	at := float64(float64(n-1) * q)
	k = int(at)
	return k, at - float64(k)
}

// lerp is numpy's: from the nearer end, so that it is monotone.
func lerp(a, b, g float64) float64 {
	d := b - a
	if g >= 0.5 {
		return b - float64(d*(1-g))
	}
	return a + float64(d*g)
}

// slope fits a line by least squares: sum((t-tm)(v-vm)) / sum((t-tm)^2). It is 0
// if all times are equal.
func slope(t, v []float64, mean float64) float64 {
	if !(t[len(t)-1] > t[0]) {
		return 0
	}
	tm := pairwise(t) / float64(len(t))
	var sxx, sxy float64
	for i, x := range v {
		d := t[i] - tm
		sxx += float64(d * d)
		sxy += float64(d * (x - mean))
	}
	return sxy / sxx
}
