package gbt

import "assay/steps/kit/kernel"

// classWeights returns what a row of each class weighs. Balanced is scikit-learn's:
// n/(K n_c), where K counts the classes that y has, so the mean weight of the rows is 1.
// A class that y lacks weighs 1: other sets may have rows of it.
func classWeights(y []int32, classes int, kind string) []float64 {
	w := make([]float64, classes)
	for _, c := range y {
		w[c]++
	}
	seen := 0
	for _, n := range w {
		if n > 0 {
			seen++
		}
	}
	for c, n := range w {
		switch {
		case n > 0 && kind == Balanced:
			w[c] = float64(len(y)) / (float64(seen) * n)
		default:
			w[c] = 1
		}
	}
	return w
}

// neverSeen is added to every share of a class, so that one without a row starts from a
// finite margin. It is XGBoost's number.
const neverSeen = 1e-6

// startOf returns the margins of classes before the first tree: the logarithms of their
// weighted shares of y, less their mean. This is what XGBoost 3.1 and later start
// multi:softprob from.
func startOf(y []int32, weight []float64) []float32 {
	sum, all := make([]float64, len(weight)), 0.0
	for _, c := range y {
		sum[c] += weight[c]
		all += weight[c]
	}
	mean := 0.0
	for c, s := range sum {
		sum[c] = kernel.Log(s/all + neverSeen)
		mean += sum[c] / float64(len(sum))
	}
	start := make([]float32, len(sum))
	for c, s := range sum {
		start[c] = float32(s - mean)
	}
	return start
}
