package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// allExps returns what this machine can run.
func allExps() map[string]func([]float64) {
	list := map[string]func([]float64){"plain": plainExps}
	if best, ok := assemblyExps(); ok {
		list["assembly"] = best
	}
	return list
}

// TestExps compares every kernel with Exp, bit by bit: numbers of every size and sign, what is
// special, and both beside each other.
func TestExps(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 700, -700,
		709.9, 710, -745, -746,
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
			for name, exps := range allExps() {
				got := append([]float64(nil), x...)
				exps(got)
				for i, v := range x {
					if want := Exp(v); math.Float64bits(got[i]) != math.Float64bits(want) {
						t.Fatalf("%s, element %d of %d: exp(%v) is %v, want %v", name, i, n, v, got[i], want)
					}
				}
			}
		}
	}
}

// TestExpsDense compares many numbers near each other, those that a softmax has.
func TestExpsDense(t *testing.T) {
	const n = 1 << 20
	x := make([]float64, n)
	for i := range x {
		x[i] = -40 * float64(i) / n
	}
	got := append([]float64(nil), x...)
	Exps(got)
	for i, v := range x {
		if want := Exp(v); math.Float64bits(got[i]) != math.Float64bits(want) {
			t.Fatalf("exp(%v) is %v, want %v", v, got[i], want)
		}
	}
}

func TestChoiceOfExps(t *testing.T) {
	for _, name := range []string{"plain", ""} {
		x := []float64{1, 2, 3, 4, 5}
		if chooseExps(name)(x); x[4] != Exp(5) {
			t.Errorf("ASSAY_KERNEL=%q: %v", name, x)
		}
	}
}

// BenchmarkExps takes 1,024 numbers.
func BenchmarkExps(b *testing.B) {
	x, from := make([]float64, 1024), make([]float64, 1024)
	for i := range from {
		from[i] = -float64(i) / 50
	}
	for name, exps := range allExps() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				copy(x, from)
				exps(x)
			}
		})
	}
}
