package nn

import (
	"math"
	"slices"
	"testing"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
)

// TestScaler fits to some windows and compares with what the formula says.
func TestScaler(t *testing.T) {
	nan := float32(math.NaN())
	s := &model.Series{Columns: 4, Points: 2, Start: []int{0, 1, 2}, Data: []float32{
		1, nan, 7, nan,
		-3, nan, 7, 2,
		5, nan, 7, 4,
		1e9, 3, 8, nan, // of the third window, which is not in training
	}}
	team := f32.NewTeam(1)
	defer team.Close()
	got := fitScaler(s, []int{0, 1})
	// The points 0, 1, 1, 2 are those of the two windows.
	a, b, c := math.Log(2), -math.Log(4), math.Log(6)
	mean := (a + 2*b + c) / 4
	deviation := math.Sqrt(((a-mean)*(a-mean) + 2*(b-mean)*(b-mean) + (c-mean)*(c-mean)) / 4)
	if math.Abs(float64(got.Mean[0])-mean) > 1e-6 || math.Abs(1/float64(got.Inverse[0])-deviation) > 1e-6 {
		t.Errorf("mean %v and deviation %v, want %v and %v", got.Mean[0], 1/got.Inverse[0], mean, deviation)
	}
	if got.Inverse[1] != 0 || got.Inverse[2] != 0 {
		t.Errorf("a channel that is never there or constant counts: %v", got.Inverse)
	}
	if !slices.Equal(got.Masks, []int{3}) {
		t.Errorf("masks %v, want 3: channel 1 is never there", got.Masks)
	}
	inputs := got.scaled(s, team)
	first, last := inputs.Data[:5], inputs.Data[15:20]
	if first[1] != 0 || first[2] != 0 || first[3] != 0 || first[4] != 1 {
		t.Errorf("the inputs of the first point are %v", first)
	}
	if want := float32((a - mean) / deviation); math.Abs(float64(first[0]-want)) > 1e-5 {
		t.Errorf("the first input is %v, want %v", first[0], want)
	}
	if last[0] != clipAt || last[4] != 1 {
		t.Errorf("the inputs of the last point are %v", last)
	}
	window := make([]float32, 10)
	got.window(window, s.Window(2), make([]float32, 4))
	if !slices.Equal(window, inputs.Window(2)) {
		t.Errorf("a window alone has the inputs %v, want %v", window, inputs.Window(2))
	}
}

func TestBalance(t *testing.T) {
	for _, c := range []struct {
		power float64
		want  []float64
	}{
		{0, []float64{1, 1, 0}}, {0.5, []float64{5.0 / 6, 5.0 / 3, 0}}, {1, []float64{0.625, 2.5, 0}},
	} {
		got := Balance([]int{16, 4, 0}, c.power)
		for k, w := range c.want {
			if math.Abs(got[k]-w) > 1e-12 {
				t.Errorf("power %v: %v, want %v", c.power, got, c.want)
			}
		}
		if mean := (16*got[0] + 4*got[1]) / 20; math.Abs(mean-1) > 1e-12 {
			t.Errorf("power %v: the mean over windows is %v", c.power, mean)
		}
	}
}
