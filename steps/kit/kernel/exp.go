package kernel

import "math"

const (
	log2e = 1.44269504088896338700e+00 // 1/ln 2

	// ln 2 in two parts. The high part has 32 significant bits, so its product
	// with any exponent of a float64 is exact.
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10

	expMax = 7.09782712893383973096e+02  // Exp of more overflows
	expMin = -7.45133219101941108420e+02 // Exp of less is zero
)

// Exp returns e to the power x, with the same bits on every machine.
//
// Cody and Waite's reduction x = k ln 2 + r with |r| ≤ ln 2 / 2, then the
// Taylor series of exp to r^13, whose remainder is below 2^-57. The error is
// less than 1 ulp where the result is a normal number; a subnormal result is
// rounded once more.
//
// Exp(+Inf) = +Inf, Exp(-Inf) = 0, Exp(NaN) = NaN.
func Exp(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x > expMax:
		return math.Inf(1)
	case x < expMin:
		return 0
	}
	k := math.Floor(float64(x*log2e) + 0.5)
	r := (x - float64(k*ln2Hi)) - float64(k*ln2Lo)

	p := 1.0 / 6227020800 // 1/13!
	p = float64(p*r) + 1.0/479001600
	p = float64(p*r) + 1.0/39916800
	p = float64(p*r) + 1.0/3628800
	p = float64(p*r) + 1.0/362880
	p = float64(p*r) + 1.0/40320
	p = float64(p*r) + 1.0/5040
	p = float64(p*r) + 1.0/720
	p = float64(p*r) + 1.0/120
	p = float64(p*r) + 1.0/24
	p = float64(p*r) + 1.0/6
	p = float64(p*r) + 0.5
	p = float64(p*float64(r*r)) + r
	return scale(1+p, int(k))
}

// scale returns y 2^k for y in [1/2, 2] and |k| ≤ 1075, in two steps so that
// neither factor leaves the range of normal numbers.
func scale(y float64, k int) float64 {
	half := k / 2
	return float64(y*pow2(half)) * pow2(k-half)
}

// pow2 returns 2^k for -1022 ≤ k ≤ 1023.
func pow2(k int) float64 { return math.Float64frombits(uint64(k+1023) << 52) }
