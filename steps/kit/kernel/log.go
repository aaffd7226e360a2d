package kernel

import "math"

// Log returns the natural logarithm of x, with the same bits on every machine.
//
// x = 2^k (1+f) with 1+f in [√½, √2), and with s = f/(2+f)
//
//	log(1+f) = 2 artanh s = f - s (f - R),  R = 2 s² (1/3 + s²/5 + s⁴/7 + …)
//
// where the series is cut after s^22, a remainder below 2^-58. The leading
// term f is exact, which keeps the error below 1 ulp, near x = 1 too.
//
// Log(+Inf) = +Inf, Log(0) = -Inf, Log(x < 0) = NaN, Log(NaN) = NaN.
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	m, e := math.Frexp(x) // m in [½, 1)
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	k, f := float64(e), m-1
	s := f / (2 + f)
	z := float64(s * s)

	r := 2.0 / 23
	r = float64(r*z) + 2.0/21
	r = float64(r*z) + 2.0/19
	r = float64(r*z) + 2.0/17
	r = float64(r*z) + 2.0/15
	r = float64(r*z) + 2.0/13
	r = float64(r*z) + 2.0/11
	r = float64(r*z) + 2.0/9
	r = float64(r*z) + 2.0/7
	r = float64(r*z) + 2.0/5
	r = float64(r*z) + 2.0/3
	r = float64(r * z)
	return float64(k*ln2Hi) + (f - (float64(s*(f-r)) - float64(k*ln2Lo)))
}
