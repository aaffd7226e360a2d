package logistic

import (
	"math"
	"testing"

	"assay/steps/kit/model"
)

// TestScaler fits a scaler to one feature, and scales a value.
func TestScaler(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		name          string
		x             []float32
		mean, inverse float32
		in, out       float32
	}{
		{"plain", []float32{1, 3}, 2, 1, 2.5, 0.5},
		{"missing and infinite ones do not count", []float32{1, nan, 3, inf, -inf}, 2, 1, 3, 1},
		{"missing is the mean", []float32{1, 3}, 2, 1, nan, 0},
		{"above", []float32{1, 3}, 2, 1, inf, ClipAt},
		{"below", []float32{1, 3}, 2, 1, -1e30, -ClipAt},
		{"constant", []float32{7, 7, 7}, 7, 0, 9, 0},
		{"infinite where it was constant", []float32{7, 7}, 7, 0, inf, 0},
		{"no more than rounding", []float32{1e8, 1e8 + 8}, 1e8 + 4, 0, 1e9, 0},
		{"never there", []float32{nan, nan}, 0, 0, 5, 0},
		{"tiny", []float32{-1e-42, 1e-42}, 0, 0, 5, 0},
		{"huge", []float32{-math.MaxFloat32, math.MaxFloat32}, 0, 1 / float32(math.MaxFloat32), math.MaxFloat32, 1},
	} {
		s := fitScaler(model.Set{X: c.x}, 1)
		if s.Mean[0] != c.mean || s.Inverse[0] != c.inverse {
			t.Errorf("%s: mean %v and inverse %v, want %v and %v", c.name, s.Mean[0], s.Inverse[0], c.mean, c.inverse)
		}
		if got := s.value(0, c.in); math.Abs(float64(got-c.out)) > 1e-6 {
			t.Errorf("%s: %v becomes %v, want %v", c.name, c.in, got, c.out)
		}
		if err := s.check(1); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestScaledColumns: each feature has its own scale.
func TestScaledColumns(t *testing.T) {
	x := []float32{1, 10, 3, 30}
	got := fitScaler(model.Set{X: x}, 2).scaled(x)
	for i, want := range []float32{-1, -1, 1, 1} {
		if got[i] != want {
			t.Errorf("scaled %v", got)
		}
	}
}
