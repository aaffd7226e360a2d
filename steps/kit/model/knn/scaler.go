package knn

import (
	"math"

	"assay/steps/kit/kernel"
)

// A scaler standardises windows. A value x becomes (x - mean)·inverse, at most ±farthest;
// one that is missing (NaN or infinite) becomes 0, the mean.
type scaler struct {
	mean    []float32 // F
	inverse []float32 // F: 1 / the standard deviation; 0 for a column that is constant or empty
}

const (
	// farthest keeps squares of distances within float32. Nothing that was measured lies
	// as many standard deviations away.
	farthest = 1e6
	// leastSpread is the share of the mean below which a deviation is rounding error.
	leastSpread = 1e-7
)

// fitScaler fits a scaler to the rows of x. It sums in the order of the rows.
func fitScaler(x []float32, columns int) scaler {
	s := scaler{make([]float32, columns), make([]float32, columns)}
	means, squares, counts := make([]float64, columns), make([]float64, columns), make([]float64, columns)
	visit(x, columns, func(c int, v float64) {
		means[c] += v
		counts[c]++
	})
	for c := range means {
		means[c] /= max(1, counts[c])
	}
	visit(x, columns, func(c int, v float64) {
		d := v - means[c]
		squares[c] += float64(d * d)
	})
	for c, mean := range means {
		s.mean[c] = float32(mean)
		deviation := math.Sqrt(squares[c] / max(1, counts[c]))
		inverse := float32(1 / deviation)
		if deviation > float64(leastSpread*math.Abs(mean)) && kernel.Finite(inverse) {
			s.inverse[c] = inverse
		}
	}
	return s
}

// visit calls f with the column and value of every finite value.
func visit(x []float32, columns int, f func(c int, v float64)) {
	for len(x) > 0 {
		for c, v := range x[:columns] {
			if kernel.Finite(v) {
				f(c, float64(v))
			}
		}
		x = x[columns:]
	}
}

// scale standardises rows of x into to.
func (s *scaler) scale(to, x []float32) {
	for columns := len(s.mean); len(x) > 0; to, x = to[columns:], x[columns:] {
		for c, v := range x[:columns] {
			// A difference that overflows times an inverse of 0 is NaN, and so 0 as well.
			z := float32((v - s.mean[c]) * s.inverse[c])
			switch {
			case !kernel.Finite(v) || z != z:
				z = 0
			case z > farthest:
				z = farthest
			case z < -farthest:
				z = -farthest
			}
			to[c] = z
		}
	}
}
