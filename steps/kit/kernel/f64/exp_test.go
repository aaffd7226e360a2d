package f64

import (
	"math"
	"math/rand/v2"
	"testing"

	"assay/steps/kit/kernel"
)

// all returns the kernels that this machine can run.
func all() map[string]kernels {
	list := map[string]kernels{"plain": plain()}
	if best, ok := assembly(); ok {
		list["assembly"] = best
	}
	return list
}

// TestExp compares every kernel with kernel.Exp, bit by bit: numbers of every size and sign, what is
// special, and both beside each other.
func TestExp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 700, -700, 709.9, 710, -745, -746,
		math.Nextafter(700, 800), math.Nextafter(-700, -800), math.MaxFloat64, -math.MaxFloat64, 5e-324, 1e-300}
	for n := range 70 {
		for _, odd := range []float64{0, 0.02, 0.5, 1} {
			x := make([]float64, n)
			for i := range x {
				switch {
				case rng.Float64() < odd:
					x[i] = special[rng.IntN(len(special))]
				case rng.IntN(2) == 0:
					x[i] = 1400*rng.Float64() - 700
				default:
					x[i] = math.Ldexp(2*rng.Float64()-1, rng.IntN(20)-12)
				}
			}
			for name, k := range all() {
				got := append([]float64(nil), x...)
				k.exp(got)
				for i, v := range x {
					if want := kernel.Exp(v); math.Float64bits(got[i]) != math.Float64bits(want) {
						t.Fatalf("%s, element %d of %d: exp(%v) is %v, want %v", name, i, n, v, got[i], want)
					}
				}
			}
		}
	}
}

// TestExpDense compares many numbers near each other, those that a softmax has.
func TestExpDense(t *testing.T) {
	const n = 1 << 20
	x := make([]float64, n)
	for i := range x {
		x[i] = -40 * float64(i) / n
	}
	got := append([]float64(nil), x...)
	Exp(got)
	for i, v := range x {
		if want := kernel.Exp(v); math.Float64bits(got[i]) != math.Float64bits(want) {
			t.Fatalf("exp(%v) is %v, want %v", v, got[i], want)
		}
	}
}

func TestChoice(t *testing.T) {
	for _, name := range []string{"plain", ""} {
		if choose(name).exp == nil {
			t.Errorf("ASSAY_KERNEL=%q has no kernel", name)
		}
	}
}

// BenchmarkExp takes 1,024 numbers.
func BenchmarkExp(b *testing.B) {
	x, from := make([]float64, 1024), make([]float64, 1024)
	for i := range from {
		from[i] = -float64(i) / 50
	}
	for name, k := range all() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				copy(x, from)
				k.exp(x)
			}
		})
	}
}
