package kernel

import "math"

// quickSteps is the number of parts into which the table divides an octave.
const quickSteps = 256

// quickTable holds 1/c and log c for c = 1 + i/256, the log being that of the rounded
// 1/c. Nobody writes to it after it is made.
var quickTable = QuickTable()

// QuickTable makes the table of [QuickLog], for kernels in assembly: entry i holds 1/c
// and log c for c = 1 + i/256.
func QuickTable() (t [quickSteps + 1][2]float64) {
	for i := range t {
		inverse := quickSteps / float64(quickSteps+i)
		t[i] = [2]float64{inverse, -Log(inverse)}
	}
	return t
}

// QuickLog returns the natural logarithm of x ≥ 1, with the same bits on every
// machine, in a third of the time that Log takes. The relative error is less than
// 2^-43.
//
// x = 2^k m with m in [1, 2), and c is the nearest of the table's numbers to m, so
// that with r = m/c - 1, |r| ≤ 2^-9,
//
//	log x = k log 2 + log c + r - r²/2 + r³/3 - r⁴/4 + r⁵/5
//
// Near x = 1, k and log c are 0 and r is exact. This is the method of Tang
// (Table-driven implementation of the logarithm function, 1990).
//
// QuickLog(+Inf) = +Inf, QuickLog(NaN) = NaN, and QuickLog(x < 1) = Log(x).
func QuickLog(x float64) float64 {
	const mantissa = 1<<52 - 1
	one := math.Float64bits(1)
	u := math.Float64bits(x) - one
	if u >= 1024<<52 { // less than 1, infinite or no number
		return Log(x)
	}
	c := &quickTable[(u&mantissa+1<<43)>>44]
	m := math.Float64frombits(u&mantissa | one)
	r := float64(m*c[0]) - 1
	p := 1.0 / 5
	p = float64(p*r) - 1.0/4
	p = float64(p*r) + 1.0/3
	p = float64(p*r) - 1.0/2
	p = float64(p*float64(r*r)) + r
	return (float64(float64(u>>52)*math.Ln2) + c[1]) + p
}
