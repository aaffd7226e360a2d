package signal

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
)

// TestInterp: numpy.interp with left and right NaN, by hand.
func TestInterp(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	grid := []float64{-1, 0, 0.5, 1, 2, 3}
	for _, c := range []struct {
		name         string
		xp, fp, want []float64
	}{
		{"nothing", nil, nil, []float64{nan, nan, nan, nan, nan, nan}},
		{"one", []float64{1}, []float64{7}, []float64{nan, nan, nan, 7, nan, nan}},
		{"line", []float64{0, 2}, []float64{4, 8}, []float64{nan, 4, 5, 6, 8, nan}},
		{"the last of equal stamps", []float64{0, 1, 1, 1, 2}, []float64{0, 9, 8, 2, 4}, []float64{nan, 0, 4.5, 2, 4, nan}},
		{"from minus infinity", []float64{-inf, 1}, []float64{3, 5}, []float64{5, 5, 5, 5, nan, nan}},
		{"to infinity", []float64{0, inf}, []float64{3, 5}, []float64{nan, 3, 3, 3, 3, 3}},
		{"a stamp that is NaN", []float64{0, 1, nan}, []float64{3, 5, 6}, []float64{nan, 3, 4, 5, nan, nan}},
		{"a stamp that is NaN, with equal values", []float64{0, 1, nan}, []float64{3, 5, 5}, []float64{nan, 3, 4, 5, 5, 5}},
		{"one stamp that is NaN", []float64{nan}, []float64{3}, []float64{3, 3, 3, 3, 3, 3}},
		{"a slope too steep", []float64{0, 1}, []float64{-1.7e308, 1.7e308}, []float64{nan, -1.7e308, inf, 1.7e308, nan, nan}},
	} {
		got := make([]float64, len(grid))
		if interp(grid, c.xp, c.fp, got); !episodetest.AllSame(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestTensorize compares tensors with those of the plain way, where grids of
// neighbours agree and where they do not, on stamps and values of every sort.
func TestTensorize(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	strange := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1.7e308, -1.7e308, math.Copysign(0, -1), 1e39}
	var out Tensors
	for _, z := range []*Tensorizer{
		{Window: 10, Stride: 5, Hz: 10}, {Window: 3, Stride: 0.7, Hz: 7}, {Window: 2, Stride: 3, Hz: 4},
		{Window: 1, Stride: 1, Hz: 1}, {Window: 2.5, Stride: 0.1, Hz: 10}, {Window: 0.26, Stride: 1, Hz: 10},
	} {
		z.MaxWindows = 1000
		for _, rows := range []int{0, 1, 2, 7, 300} {
			for _, odd := range []bool{false, true} {
				e := randomEpisode(rng, rows)
				for s := 0; odd && s < channel.NumSources; s++ {
					tab := &e.Tables[s]
					for i := range tab.V {
						if rng.IntN(20) == 0 {
							tab.V[i] = strange[rng.IntN(len(strange))]
						}
					}
					if s < 2 && rows > 0 {
						tab.T[rng.IntN(rows)] = strange[rng.IntN(3)]
					}
				}
				g := Set{Cures: channel.Cures{ExcludeUnknownPhase: rows == 7, MaxGap: float64(rng.IntN(3)) * 0.15}}
				g.Load(e)
				if err := z.Tensorize(e, &g, &out); err != nil {
					t.Fatal(err)
				}
				if out.Len() == 0 || len(out.X) != out.Len()*channel.Count*out.Steps || len(out.Mask) != len(out.X) {
					t.Fatalf("%d windows, %d values, %d of the mask", out.Len(), len(out.X), len(out.Mask))
				}
				if err := samePlain(z, &g, &out); err != nil {
					t.Errorf("windows of %v s each %v s at %v Hz, %d rows: %v", z.Window, z.Stride, z.Hz, rows, err)
				}
			}
		}
	}
}

// TestTensorLimits: what would take too much memory is refused before it does.
func TestTensorLimits(t *testing.T) {
	e := bare(1e6, episode.Label{Phase: "clean"})
	var g Set
	g.Load(e)
	for _, z := range []Tensorizer{
		{Window: 10, Stride: 5, Hz: 0}, {Window: 10, Stride: 5, Hz: -1}, {Window: 10, Stride: 5, Hz: math.NaN()},
		{Window: 10, Stride: 5, Hz: math.Inf(1)}, {Window: 10, Stride: 5, Hz: 1e12}, {Window: 10, Stride: 5, Hz: 1000},
		{Window: 0.01, Stride: 5, Hz: 10}, {Window: 10, Stride: 1e-9, Hz: 10},
	} {
		z.MaxWindows = 1 << 20
		var out Tensors
		if err := z.Tensorize(e, &g, &out); err == nil || len(out.X) > 0 {
			t.Errorf("windows of %v s each %v s at %v Hz: %v, %d values", z.Window, z.Stride, z.Hz, err, len(out.X))
		}
	}
	z := aTensorizer()
	var out Tensors
	if err := z.Tensorize(bare(50), &g, &out); err != nil || out.Len() != 0 || !slices.Equal(out.X, nil) {
		t.Errorf("an episode without labels: %d tensors, %v", out.Len(), err)
	}
}
