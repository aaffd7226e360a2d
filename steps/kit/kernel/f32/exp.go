package f32

import "math"

// Constants of e^x, after Cephes' expf (Moshier): x = n ln 2 + r with |r| ≤ ½ ln
// 2, ln 2 in two parts of which the high one has few bits, and
// e^r = 1 + r + r² (p5 + r (p4 + …)). Adding magic rounds to a whole number, which
// is then in the low bits.
const (
	log2e = 1.44269504088896341
	magic = 12582912 // 1.5 · 2^23
	ln2hi = 0.693359375
	ln2lo = -2.12194440e-4
	p0    = 1.9875691500e-4
	p1    = 1.3981999507e-3
	p2    = 8.3334519073e-3
	p3    = 4.1665795894e-2
	p4    = 1.6666665459e-1
	p5    = 0.5

	expHigh = 89   // e^x is infinite there
	expLow  = -104 // and 0 there
	flush   = -87  // just above the logarithm of the least normal number
)

// Exp sets dst[i] = e^src[i], to 1 ulp where the result is a normal number.
// Exp(-Inf) = 0, Exp(+Inf) = +Inf.
func Exp(dst, src []float32) {
	equal("the length of dst", len(dst), len(src))
	if len(dst) > 0 {
		active.exp(dst, src)
	}
}

// Sigmoid sets dst[i] = 1 / (1 + e^-src[i]), to 3 ulp. Below -87 it stays at e^-87. Its
// derivative is dst (1 - dst).
func Sigmoid(dst, src []float32) {
	equal("the length of dst", len(dst), len(src))
	if len(dst) > 0 {
		active.sigmoid(dst, src)
	}
}

// Tanh sets dst[i] = tanh src[i], to 3 ulp; of -0 it makes +0. Its derivative is 1 - dst².
func Tanh(dst, src []float32) {
	equal("the length of dst", len(dst), len(src))
	if len(dst) > 0 {
		active.tanh(dst, src)
	}
}

// ReLU sets dst[i] = max(src[i], 0), and NaN where src[i] is.
func ReLU(dst, src []float32) {
	equal("the length of dst", len(dst), len(src))
	if len(dst) > 0 {
		active.relu(dst, src)
	}
}

// ReLUBack sets dx[i] = dy[i] where y[i] > 0, else 0; y is what ReLU made.
func ReLUBack(dx, dy, y []float32) {
	equal("the length of dy", len(dy), len(dx))
	equal("the length of y", len(y), len(dx))
	if len(dx) > 0 {
		active.reluBack(dx, dy, y)
	}
}

func plainExp(dst, src []float32) {
	for i, x := range src {
		dst[i] = exp1(x)
	}
}

func plainSigmoid(dst, src []float32) {
	for i, x := range src {
		dst[i] = sigmoid1(x)
	}
}

func plainTanh(dst, src []float32) {
	for i, x := range src {
		dst[i] = tanh1(x)
	}
}

func plainReLU(dst, src []float32) {
	for i, x := range src {
		dst[i] = above(0, x)
	}
}

func plainReLUBack(dx, dy, y []float32) {
	for i := range dx {
		if d := dy[i]; y[i] > 0 {
			dx[i] = d
		} else {
			dx[i] = 0
		}
	}
}

// above returns k where k > x, else x; below returns k where k < x, else x. Both
// keep NaN.
func above(k, x float32) float32 {
	if k > x {
		return k
	}
	return x
}

func below(k, x float32) float32 {
	if k < x {
		return k
	}
	return x
}

// expm1 returns q = e^r - 1 and bits that end in n, where x = n ln 2 + r.
func expm1(x float32) (q float32, n uint32) {
	t := fma(x, log2e, magic)
	whole := t - magic
	r := fma(-whole, ln2hi, x)
	r = fma(-whole, ln2lo, r)
	p := float32(p0)
	p = fma(p, r, p1)
	p = fma(p, r, p2)
	p = fma(p, r, p3)
	p = fma(p, r, p4)
	p = fma(p, r, p5)
	return fma(p, float32(r*r), r), math.Float32bits(t)
}

// power returns 2^n for the whole number n that bits end in; |n| ≤ 126.
func power(n uint32) float32 { return math.Float32frombits(n<<23 + 0x3f800000) }

func exp1(x float32) float32 {
	q, t := expm1(above(expLow, below(expHigh, x)))
	n := int32(t - 0x4b400000) // the bits of magic
	half := n >> 1
	return float32(float32((q+1)*power(uint32(half))) * power(uint32(n-half)))
}

func sigmoid1(x float32) float32 {
	q, n := expm1(above(flush, below(-flush, -x)))
	e := float32((q + 1) * power(n))
	return 1 / (e + 1)
}

// tanh1 is m / (m + 2) with m = e^2x - 1, which loses nothing near 0.
func tanh1(x float32) float32 {
	q, n := expm1(above(flush, below(-flush, x+x)))
	s := power(n)
	m := fma(q, s, s-1)
	return m / (m + 2)
}
