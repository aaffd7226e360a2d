package kernel

import "math"

// fractionDepth is where the continued fraction of the tail is cut. From 2 standard
// deviations on, the rest is below the rounding error.
const fractionDepth = 150

// NormalCDF returns the share of a standard normal distribution below x, with the same
// bits on every machine. The relative error is below 1e-13 for |x| < 30.
func NormalCDF(x float64) float64 {
	if x > 0 {
		return 1 - normalTail(x)
	}
	return normalTail(-x)
}

// normalTail returns the share above x, for x ≥ 0: near the middle from the series
// φ(x) (x + x³/3 + x⁵/(3·5) + …) of the share between 0 and x, and in the tail as Laplace's
// continued fraction φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))).
func normalTail(x float64) float64 {
	density := Exp(-0.5*float64(x*x)) / math.Sqrt(2*math.Pi)
	if x < 2 {
		sum, term := x, x
		for n := 3.0; term > sum*0x1p-60; n += 2 {
			term = term * x * x / n
			sum += term
		}
		return 0.5 - float64(density*sum)
	}
	below := x
	for n := float64(fractionDepth); n >= 1; n-- {
		below = x + n/below
	}
	return density / below
}

// NormalQuantile returns the x that a standard normal value is below with probability p:
// the inverse of [NormalCDF], by bisection. It is -Inf for p ≤ 0, +Inf for p ≥ 1 and NaN
// for NaN.
func NormalQuantile(p float64) float64 {
	switch {
	case p != p:
		return p
	case p <= 0:
		return math.Inf(-1)
	case p >= 1:
		return math.Inf(1)
	case p > 0.5:
		return -NormalQuantile(1 - p)
	}
	lo, hi := -40.0, 0.0
	for {
		mid := lo + float64((hi-lo)/2)
		if mid <= lo || mid >= hi {
			return hi
		}
		if NormalCDF(mid) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
}
