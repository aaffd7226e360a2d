package kernel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
)

// bigCosPi returns cos(π x) by its Taylor series.
func bigCosPi(x float64) *big.Float {
	pi, _, err := big.ParseFloat("3.14159265358979323846264338327950288419716939937510582097494459230781640628621", 10, oracleBits, 0)
	if err != nil {
		panic(err)
	}
	t := pi.Mul(pi, num(x))
	square := new(big.Float).Mul(t, t)
	sum, term := num(1), num(1)
	for i := 1; i < 40; i++ {
		term.Mul(term, square)
		term.Quo(term, num(float64(-2*i*(2*i-1))))
		sum.Add(sum, term)
	}
	return sum
}

// TestCosPiError holds CosPi to its documented error, and at the seams.
func TestCosPiError(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	worst := 0.0
	check := func(x float64) {
		f, _ := new(big.Float).Sub(bigCosPi(x), num(CosPi(x))).Float64()
		if worst = max(worst, math.Abs(f)); math.Abs(f) >= 0x1p-51 {
			t.Fatalf("CosPi(%v) = %v is off by %v", x, CosPi(x), f)
		}
	}
	for range 3000 {
		check(rng.Float64())
	}
	for _, seam := range []float64{0.25, 0.5, 0.75} {
		check(math.Nextafter(seam, 0))
		check(seam)
		check(math.Nextafter(seam, 1))
	}
	t.Logf("largest error %.3g", worst)
}

func TestCosPiSpecialValues(t *testing.T) {
	for _, c := range []struct{ x, want float64 }{
		{0, 1}, {math.Copysign(0, -1), 1}, {0.5, 0}, {1, -1}, {math.SmallestNonzeroFloat64, 1},
		{math.Nextafter(1, 2), math.NaN()}, {-1e-300, math.NaN()}, {math.NaN(), math.NaN()}, {math.Inf(1), math.NaN()},
	} {
		if got := CosPi(c.x); !scalar.Same(got, c.want) {
			t.Errorf("CosPi(%v) = %v, want %v", c.x, got, c.want)
		}
	}
}

// TestCosPiFalls walks over [0, 1] in steps that a schedule of 100,000 steps has.
func TestCosPiFalls(t *testing.T) {
	const steps = 100000
	for i := range steps {
		if a, b := CosPi(float64(i)/steps), CosPi(float64(i+1)/steps); a <= b {
			t.Fatalf("CosPi(%d/%d) = %v, and the next is %v", i, steps, a, b)
		}
	}
}

func TestCosPiGoldenBits(t *testing.T) {
	for _, c := range cosPiGolden {
		if got := math.Float64bits(CosPi(c.x)); got != c.cos {
			t.Errorf("CosPi(%v) has bits %#x, want %#x", c.x, got, c.cos)
		}
	}
}
