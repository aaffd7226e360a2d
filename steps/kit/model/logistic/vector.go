package logistic

import "math"

// largest returns the largest size of a number.
func largest(v []float64) float64 {
	most := 0.0
	for _, x := range v {
		most = max(most, math.Abs(x))
	}
	return most
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += float64(x * b[i])
	}
	return sum
}

func scale(v []float64, by float64) {
	for i := range v {
		v[i] *= by
	}
}

// add adds a multiple of b to a.
func add(a []float64, by float64, b []float64) {
	for i, x := range b {
		a[i] += float64(by * x)
	}
}
