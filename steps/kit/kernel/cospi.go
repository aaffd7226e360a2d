package kernel

import "math"

// CosPi returns cos(π x) for 0 ≤ x ≤ 1, with the same bits on every machine. The
// error is less than 2^-51. It is 1 at 0, 0 at ½ and -1 at 1. Elsewhere it is NaN.
//
// The four quarters of [0, 1] are those of cos and sin on [0, π/4], where the Taylor
// series to the 17th power have remainders below 2^-58. All subtractions from ½ and
// 1 are exact.
func CosPi(x float64) float64 {
	switch {
	case !(x >= 0 && x <= 1):
		return math.NaN()
	case x > 0.75:
		return -cosSmall(float64(math.Pi * (1 - x)))
	case x > 0.25:
		return sinSmall(float64(math.Pi * (0.5 - x)))
	}
	return cosSmall(float64(math.Pi * x))
}

// cosSmall returns cos t for |t| ≤ π/4.
func cosSmall(t float64) float64 {
	z := float64(t * t)
	p := 1.0 / 20922789888000 // 1/16!
	p = float64(p*z) - 1.0/87178291200
	p = float64(p*z) + 1.0/479001600
	p = float64(p*z) - 1.0/3628800
	p = float64(p*z) + 1.0/40320
	p = float64(p*z) - 1.0/720
	p = float64(p*z) + 1.0/24
	p = float64(p*z) - 0.5
	return float64(p*z) + 1
}

// sinSmall returns sin t for |t| ≤ π/4.
func sinSmall(t float64) float64 {
	z := float64(t * t)
	p := 1.0 / 355687428096000 // 1/17!
	p = float64(p*z) - 1.0/1307674368000
	p = float64(p*z) + 1.0/6227020800
	p = float64(p*z) - 1.0/39916800
	p = float64(p*z) + 1.0/362880
	p = float64(p*z) - 1.0/5040
	p = float64(p*z) + 1.0/120
	p = float64(p*z) - 1.0/6
	return float64(p*float64(z*t)) + t
}
