package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/floats/scalar"
)

// TestExpError holds Exp to its documented error, over its range and closer by.
func TestExpError(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	worst := 0.0
	for i := range 2000 {
		x := rng.Float64()*1417 - 708
		if i%2 == 0 {
			x = rng.Float64()*4 - 3
		}
		d := errorUlp(Exp(x), bigExp(num(x)))
		if worst = max(worst, d); d >= 1 {
			t.Fatalf("Exp(%v) = %v is %.3f ulp off", x, Exp(x), d)
		}
	}
	t.Logf("largest error %.3f ulp", worst)
}

// TestLogError holds Log to its documented error, over its range and around 1.
func TestLogError(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	worst := 0.0
	for i := range 600 {
		x := math.Float64frombits(rng.Uint64N(0x7ff0000000000000))
		if i%2 == 0 {
			x = 0.5 + rng.Float64()
		}
		d := errorUlp(Log(x), bigLog(x))
		if worst = max(worst, d); d >= 1 {
			t.Fatalf("Log(%v) = %v is %.3f ulp off", x, Log(x), d)
		}
	}
	t.Logf("largest error %.3f ulp", worst)
}

func TestSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"Exp(+Inf)", Exp(inf), inf}, {"Exp(-Inf)", Exp(-inf), 0}, {"Exp(NaN)", Exp(nan), nan},
		{"Exp(0)", Exp(0), 1}, {"Exp(-0)", Exp(math.Copysign(0, -1)), 1},
		{"Exp(710)", Exp(710), inf}, {"Exp(-746)", Exp(-746), 0},
		{"Exp(-745.1)", Exp(-745.1), math.SmallestNonzeroFloat64},
		{"Exp(709.78)", Exp(709.78), 0x1.fe9ce5c4c52b4p+1023},
		{"Log(+Inf)", Log(inf), inf}, {"Log(0)", Log(0), -inf}, {"Log(-0)", Log(math.Copysign(0, -1)), -inf},
		{"Log(-1)", Log(-1), nan}, {"Log(-Inf)", Log(-inf), nan}, {"Log(NaN)", Log(nan), nan},
		{"Log(1)", Log(1), 0}, {"Log(2)", Log(2), math.Ln2},
		{"Log(smallest)", Log(math.SmallestNonzeroFloat64), -0x1.74385446d71c3p+09},
	} {
		if !scalar.Same(c.got, c.want) {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
}

// TestGoldenBits fails where a compiler or a machine computes other bits, as
// fused products would.
func TestGoldenBits(t *testing.T) {
	for _, c := range goldenBits {
		if got := math.Float64bits(Exp(c.x)); got != c.exp {
			t.Errorf("Exp(%v) has bits %#x, want %#x", c.x, got, c.exp)
		}
		if got := math.Float64bits(Log(math.Abs(c.x))); got != c.log {
			t.Errorf("Log(%v) has bits %#x, want %#x", math.Abs(c.x), got, c.log)
		}
	}
}

func TestSoftmaxAgainstGonum(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		x := make([]float32, 1+rng.IntN(9))
		wide := make([]float64, len(x))
		for i := range x {
			x[i] = float32(rng.NormFloat64() * 40)
			wide[i] = float64(x[i])
		}
		p := make([]float64, len(x))
		got, want := Softmax(p, x), floats.LogSumExp(wide)
		if !scalar.EqualWithinAbsOrRel(got, want, 1e-14, 1e-14) {
			t.Fatalf("Softmax(%v) returns %v, gonum's LogSumExp %v", x, got, want)
		}
		if s := floats.Sum(p); !scalar.EqualWithinAbs(s, 1, 1e-14) {
			t.Fatalf("Softmax(%v) sums to %v", x, s)
		}
		for i := range p {
			if e := math.Exp(wide[i] - want); !scalar.EqualWithinAbsOrRel(p[i], e, 1e-14, 1e-13) {
				t.Fatalf("Softmax(%v)[%d] = %v, want %v", x, i, p[i], e)
			}
		}
	}
}
