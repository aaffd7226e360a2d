package f32

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactFMA computes a·b + c without rounding and rounds once, by math/big.
func exactFMA(a, b, c float32) float32 {
	num := func(x float32) *big.Float { return new(big.Float).SetPrec(640).SetFloat64(float64(x)) }
	r := num(a)
	r.Mul(r, num(b))
	r.Add(r, num(c))
	if r.Sign() == 0 { // big.Float has signs of zero of its own
		return float32(float64(a)*float64(b) + float64(c))
	}
	f, _ := r.Float32() // to nearest even, subnormal numbers too
	return f
}

func finite(xs ...float32) bool {
	for _, x := range xs {
		if x-x != 0 {
			return false
		}
	}
	return true
}

// TestFMAIsExact compares fma with exact arithmetic where rounding twice would
// show: sums that nearly cancel, halves between two float32, subnormal results.
func TestFMAIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	check := func(a, b, c float32) {
		if !finite(a, b, c) {
			return
		}
		if want := exactFMA(a, b, c); !same(fma(a, b, c), want) {
			t.Fatalf("fma(%x, %x, %x) = %x, want %x", a, b, c, fma(a, b, c), want)
		}
	}
	twice := 0
	for i := range 50000 {
		// (1+x)(1-x) lies just below 1, which is half a unit of c or nothing.
		x := float64(rng.IntN(400)) * 0x1p-23
		a, b := float32(1+x), float32(1-x)
		c := float32(1<<24 + 2*rng.IntN(1<<23))
		switch i % 4 {
		case 1: // subnormal results
			a, b = a*0x1p-75, b*0x1p-75
			c = math.Float32frombits(rng.Uint32() >> 9)
		case 2: // sums that nearly cancel
			c = -float32(a * b)
		case 3:
			a *= 1 + 0x1p-23*float32(rng.IntN(1<<23))
		}
		if float32(float64(a)*float64(b)+float64(c)) != exactFMA(a, b, c) {
			twice++
		}
		check(a, b, c)
		check(-a, b, c)
		check(a, b, math.Float32frombits(rng.Uint32()))
		check(math.Float32frombits(rng.Uint32()), math.Float32frombits(rng.Uint32()), math.Float32frombits(rng.Uint32()))
	}
	if twice == 0 {
		t.Error("no case in which rounding twice would have been wrong: the test proves nothing")
	}
	t.Logf("rounding twice would have been wrong in %d cases", twice)
}

func TestFMAByHand(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, c := range []struct{ a, b, c, want float32 }{
		{0x1p-75, 0x1p-75 + 0x1p-98, 0x1p-127, 0x1p-127 + 0x1p-149}, // a half of the last subnormal place, and a little more
		{0x1p-75, 0x1p-75, 0x1p-127, 0x1p-127},                      // the half alone: to even
		{1 + 0x1p-23, 1 + 0x1p-23, -1, 0x1p-22 + 0x1p-46},
		{0x1p-100, -0x1p-100, 0, float32(math.Copysign(0, -1))},
		{1, 1, -1, 0},
		{math.MaxFloat32, 2, -math.MaxFloat32, math.MaxFloat32},
		{inf, 0, 1, nan}, {inf, 1, -inf, nan}, {nan, 1, 1, nan}, {inf, 1, 1, inf}, {1, 1, -inf, -inf},
	} {
		if got := fma(c.a, c.b, c.c); !same(got, c.want) {
			t.Errorf("fma(%x, %x, %x) = %x, want %x", c.a, c.b, c.c, got, c.want)
		}
	}
}

func FuzzFMA(f *testing.F) {
	f.Add(uint32(0x3f800001), uint32(0x3f800001), uint32(0xbf800000))
	f.Fuzz(func(t *testing.T, x, y, z uint32) {
		a, b, c := math.Float32frombits(x), math.Float32frombits(y), math.Float32frombits(z)
		if finite(a, b, c) && !same(fma(a, b, c), exactFMA(a, b, c)) {
			t.Fatalf("fma(%x, %x, %x) = %x, want %x", a, b, c, fma(a, b, c), exactFMA(a, b, c))
		}
	})
}
