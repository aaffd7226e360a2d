package kernel

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestNormalCDFAgainstErfc(t *testing.T) {
	for x := -30.0; x <= 30; x += 0.01 {
		want := math.Erfc(-x/math.Sqrt2) / 2
		if got := NormalCDF(x); math.Abs(got-want) > 2e-13*want {
			t.Fatalf("at %v: %v, want %v", x, got, want)
		}
	}
}

func TestNormalQuantile(t *testing.T) {
	for _, p := range []float64{1e-300, 1e-12, 1e-4, 0.001, 0.025, 0.2, 0.5, 0.6, 0.8413447460685429, 0.975, 0.9999} {
		want := distuv.UnitNormal.Quantile(p)
		if got := NormalQuantile(p); math.Abs(got-want) > 1e-12*max(1, math.Abs(want)) {
			t.Errorf("of %v: %v, want %v", p, got, want)
		}
	}
	if !math.IsInf(NormalQuantile(0), -1) || !math.IsInf(NormalQuantile(1), 1) || !math.IsNaN(NormalQuantile(math.NaN())) {
		t.Error("the ends are wrong")
	}
}
