package kernel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
)

// relative returns |got - want| / |want|.
func relative(got float64, want *big.Float) float64 {
	d := new(big.Float).Sub(want, num(got))
	f, _ := d.Quo(d, want).Float64()
	return math.Abs(f)
}

// TestQuickLogError holds QuickLog to its documented error: over its range, near 1,
// and on both sides of every seam of the table.
func TestQuickLogError(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	worst := 0.0
	check := func(x float64) {
		e := relative(QuickLog(x), bigLog(x))
		if worst = max(worst, e); e >= 0x1p-43 {
			t.Fatalf("QuickLog(%v) = %v is off by %v of it", x, QuickLog(x), e)
		}
	}
	one := math.Float64bits(1)
	for range 300 {
		check(math.Float64frombits(one + rng.Uint64N(0x7ff0000000000000-one)))
		check(1 + math.Exp2(-52*rng.Float64()))
		check(1 + math.Abs(float64(float32(rng.NormFloat64()*1e3))))
	}
	for i := range 2 * quickSteps {
		seam := 1 + (float64(i)+0.5)/quickSteps
		check(math.Nextafter(seam, 0))
		check(seam)
	}
	t.Logf("largest error 2^%.1f", math.Log2(worst))
}

// TestQuickLogRises compares neighbours among 1 + float32, which is what sign-log
// takes the logarithm of, at every seam of the table: a jump would show as a fall.
func TestQuickLogRises(t *testing.T) {
	for _, scale := range []float64{1, 2, 1024, 0x1p100} {
		for i := range 2 * quickSteps {
			seam := scale * (1 + (float64(i)+0.5)/quickSteps)
			x := seam * (1 - 4*0x1p-24)
			for range 8 {
				next := x * (1 + 0x1p-24)
				if QuickLog(next) <= QuickLog(x) {
					t.Fatalf("QuickLog(%v) = %v, but QuickLog(%v) = %v", x, QuickLog(x), next, QuickLog(next))
				}
				x = next
			}
		}
	}
}

func TestQuickLogSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct{ x, want float64 }{
		{1, 0}, {2, math.Ln2}, {4, 2 * math.Ln2}, {inf, inf}, {nan, nan}, {math.Float64frombits(0xfff8000000000001), nan},
		{0, -inf}, {math.Copysign(0, -1), -inf}, {-1, nan}, {-inf, nan}, {0.5, -math.Ln2},
		{math.Nextafter(1, 0), Log(math.Nextafter(1, 0))}, {math.SmallestNonzeroFloat64, Log(math.SmallestNonzeroFloat64)},
		{math.Nextafter(1, 2), 0x1.fffffffffffffp-53}, {math.MaxFloat64, 0x1.62e42fefa39efp+9},
	} {
		if got := QuickLog(c.x); !scalar.Same(got, c.want) {
			t.Errorf("QuickLog(%v) = %v (%x), want %v", c.x, got, got, c.want)
		}
	}
}

func TestQuickLogGoldenBits(t *testing.T) {
	for _, c := range quickGolden {
		if got := math.Float64bits(QuickLog(c.x)); got != c.log {
			t.Errorf("QuickLog(%v) has bits %#x, want %#x", c.x, got, c.log)
		}
	}
}

func BenchmarkLogs(b *testing.B) {
	rng := rand.New(rand.NewPCG(9, 10))
	x := make([]float64, 1000)
	for i := range x {
		x[i] = 1 + math.Abs(rng.NormFloat64()*math.Exp2(float64(rng.IntN(30)-10)))
	}
	for _, c := range []struct {
		name string
		log  func(float64) float64
	}{{"Log", Log}, {"QuickLog", QuickLog}} {
		b.Run(c.name, func(b *testing.B) {
			sum := 0.0
			for b.Loop() {
				for _, v := range x {
					sum += c.log(v)
				}
			}
			if sum <= 0 {
				b.Fatal("the sum is", sum)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/number")
		})
	}
}
