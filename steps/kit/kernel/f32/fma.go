package f32

import "math"

// fma returns a·b + c, rounded once: what the instructions VFMADD and FMLA do.
//
// The product is exact in float64 (24 + 24 bits). The sum is rounded to 53 bits
// there and then to 24. That is rounding twice, which matters only where the
// first result lies halfway between two float32, or below their normal range,
// where halves lie elsewhere: fmaSlow takes these.
func fma(a, b, c float32) float32 {
	p := float64(float64(a) * float64(b))
	s := p + float64(c)
	u := math.Float64bits(s)
	if u&0x1fffffff != 0x10000000 && u>>52&0x7ff >= 1023-126 {
		return float32(s)
	}
	return fmaSlow(p, float64(c), s)
}

// fmaSlow rounds p + c to float32, s being the nearest float64. It rounds to odd
// first: where s is not exact, it takes the one of the two neighbours whose last
// bit is 1. The second rounding then gives what one would have given, since 53 ≥
// 24 + 2 (Boldo and Melquiond, Emulation of FMA and correctly rounded sums, 2008).
func fmaSlow(p, c, s float64) float32 {
	if s-s != 0 { // Inf and NaN
		return float32(s)
	}
	// Knuth's TwoSum: p + c = s + rest, exactly.
	part := s - p
	rest := (p - (s - part)) + (c - part)
	u := math.Float64bits(s)
	if rest == 0 || u&1 == 1 {
		return float32(s)
	}
	if (rest > 0) == (s > 0) {
		u++
	} else {
		u--
	}
	return float32(math.Float64frombits(u))
}

// lanes are the partial sums of a reduction.
type lanes [8]float32

// sum adds the lanes up.
func (l *lanes) sum() float32 {
	return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

// eights calls add for the element that each lane gets, eight at a time; what is
// missing at the end is 0.
func (l *lanes) eights(n int, add func(lane *float32, i int)) {
	for i := range n {
		add(&l[i%8], i)
	}
	for i := n; i%8 != 0; i++ {
		add(&l[i%8], -1)
	}
}
