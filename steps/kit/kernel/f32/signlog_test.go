package f32

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSignLogBits compares the kernel with plain Go on numbers of every exponent, and
// on neighbours of the seams of the table.
func TestSignLogBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	var x []float32
	for range 200000 {
		x = append(x, math.Float32frombits(rng.Uint32()))
	}
	for i := range 4096 {
		seam := float32(math.Exp2(float64(i/512)) * (1 + (float64(i%512)+0.5)/256))
		for _, v := range []float32{seam - 1, math.Nextafter32(seam-1, 0), math.Nextafter32(seam-1, 1e9)} {
			x = append(x, v, -v)
		}
	}
	got, want := make([]float32, len(x)), make([]float32, len(x))
	SignLog(got, x)
	plainSignLog(want, x, nil)
	if d := differ(got, want); d != "" {
		t.Fatal(d)
	}
}

func TestSignLogByHand(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, c := range []struct{ x, want float32 }{
		{0, 0}, {float32(math.Copysign(0, -1)), 0}, {1, math.Ln2}, {-1, -math.Ln2}, {3, 2 * math.Ln2},
		{1e-10, 1e-10}, {-1e-10, -1e-10}, {math.MaxFloat32, 0x1.62e43p6}, {inf, inf}, {-inf, -inf}, {nan, nan},
	} {
		got := []float32{c.x}
		SignLog(got, got)
		if !same(got[0], c.want) && !(c.want != 0 && math.Abs(float64(got[0]-c.want)) <= 1e-6*math.Abs(float64(c.want))) {
			t.Errorf("SignLog(%v) = %v (%x), want %v", c.x, got[0], got[0], c.want)
		}
	}
}
