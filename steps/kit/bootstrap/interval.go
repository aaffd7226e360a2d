package bootstrap

import (
	"math"
	"slices"

	"assay/steps/kit/kernel"
)

// An Interval holds the true value with the stated confidence. NaN at both ends says that
// the data give none.
type Interval struct{ Low, High float64 }

// none is the interval of what cannot be estimated.
func none() Interval { return Interval{math.NaN(), math.NaN()} }

// Percentile returns the interval between the quantiles of the resampled values (Efron
// 1981). level is the confidence, such as 0.95. Resamples without a value are NaN and are
// left out.
func Percentile(values []float64, level float64) Interval {
	sorted := finite(values)
	if len(sorted) == 0 {
		return none()
	}
	tail := float64((1 - level) / 2)
	return Interval{quantile(sorted, tail), quantile(sorted, 1-tail)}
}

// BCa returns the bias-corrected and accelerated interval (Efron, "Better bootstrap
// confidence intervals", JASA 1987) of an estimate, its resampled values, and its values
// without each of the units. It is none where these tell nothing of the acceleration: all
// alike, fewer than two, or an estimate outside all resamples.
func BCa(estimate float64, values, without []float64, level float64) Interval {
	sorted, left := finite(values), finite(without)
	if len(sorted) == 0 || len(left) < 2 || estimate != estimate {
		return none()
	}
	bias := kernel.NormalQuantile(rank(sorted, estimate))
	a := acceleration(left)
	if math.IsInf(bias, 0) || a != a {
		return none()
	}
	at := func(p float64) float64 {
		z := bias + kernel.NormalQuantile(p)
		return quantile(sorted, kernel.NormalCDF(bias+z/(1-float64(a*z))))
	}
	tail := float64((1 - level) / 2)
	return Interval{at(tail), at(1 - tail)}
}

// finite returns the values that are numbers, sorted.
func finite(values []float64) []float64 {
	list := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	slices.Sort(list)
	return list
}

// rank returns the share of sorted values below v, those equal to v counted by half.
func rank(sorted []float64, v float64) float64 {
	below, _ := slices.BinarySearch(sorted, v)
	upTo, _ := slices.BinarySearchFunc(sorted, v, func(x, v float64) int {
		if x <= v {
			return -1
		}
		return 1
	})
	return float64(below+upTo) / float64(2*len(sorted))
}

// acceleration returns the skewness of the jackknife over 6; NaN if all values are alike.
func acceleration(without []float64) float64 {
	mean := 0.0
	for _, v := range without {
		mean += v
	}
	mean /= float64(len(without))
	square, cube := 0.0, 0.0
	for _, v := range without {
		d := mean - v
		square += float64(d * d)
		cube += float64(float64(d*d) * d)
	}
	if square == 0 {
		return math.NaN()
	}
	return cube / (6 * float64(square*math.Sqrt(square)))
}

// quantile returns the p-quantile of sorted values, between two of them in proportion:
// NumPy's default, Hyndman and Fan's type 7.
func quantile(sorted []float64, p float64) float64 {
	at := float64(p * float64(len(sorted)-1))
	i := min(max(int(at), 0), len(sorted)-1)
	low, high := sorted[i], sorted[min(i+1, len(sorted)-1)]
	return low + float64((at-float64(i))*(high-low))
}
