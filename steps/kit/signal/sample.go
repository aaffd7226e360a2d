package signal

import "math"

// Sample writes the value of the series at each time of a grid, in seconds, to out, and
// returns how many samples of the series are finite. A value is on the line between the
// two finite samples around it, as numpy.interp has it. It is NaN outside of them, where
// the grid is NaN and, unless maxGap is 0, between samples further apart than maxGap
// seconds.
func (s Series) Sample(grid []float64, maxGap float64, out []float64) (finite int) {
	var f finiteSeries
	f.keep(s)
	for i, x := range grid {
		if x != x || maxGap > 0 && inGap(x, f.t, maxGap) {
			out[i] = math.NaN()
			continue
		}
		out[i] = interpAt(x, f.t, f.v)
	}
	return len(f.t)
}

// Quantile returns the value at q, 0 to 1, of at least one value in ascending order, as
// numpy.percentile has it with its method "linear".
func Quantile(sorted []float64, q float64) float64 { return quantile(sorted, nil, q) }
