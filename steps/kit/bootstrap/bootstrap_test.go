package bootstrap

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"
)

// TestDraw: each resample has as many units as there are, on the average each once, with
// the variance of a multinomial draw.
func TestDraw(t *testing.T) {
	const units, resamples = 7, 20_000
	p := Plan{Seed: 3, Resamples: resamples, Units: units}
	counts := make([]int32, units)
	var sum, square [units]float64
	for r := range resamples {
		p.Draw(r, counts)
		n := int32(0)
		for u, c := range counts {
			n += c
			sum[u] += float64(c)
			square[u] += float64(c * c)
		}
		if n != units {
			t.Fatalf("resample %d has %d units, want %d", r, n, units)
		}
	}
	for u := range units {
		mean := sum[u] / resamples
		variance := square[u]/resamples - mean*mean
		if math.Abs(mean-1) > 0.03 || math.Abs(variance-6./7) > 0.04 {
			t.Errorf("unit %d: mean %.3f, variance %.3f", u, mean, variance)
		}
	}
	p.Draw(5, counts)
	again := make([]int32, units)
	p.Draw(5, again)
	if !slices.Equal(counts, again) {
		t.Error("resample 5 differs between two draws")
	}
}

// TestRunOnAnyCores: totals are the same for every number of cores, and the same as those
// that are added up window by window.
func TestRunOnAnyCores(t *testing.T) {
	s, plain := NewSums(4), [][4]float64{}
	for u := range 50 {
		var row [4]float64
		for n := range 1 + u%5 {
			column, v := (u*7+n*n)%4, 1/float64(1+u+n)
			s.Add(column, v)
			row[column] += v
		}
		s.Close()
		plain = append(plain, row)
	}
	p := Plan{Seed: 1, Resamples: 201, Units: s.Units()}
	run := func(cores int) [][4]float64 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		got := make([][4]float64, p.Resamples)
		err := s.Resample(t.Context(), p, func() func(int, []float64) {
			return func(r int, totals []float64) { copy(got[r][:], totals) }
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	one := run(1)
	if !slices.Equal(one, run(5)) {
		t.Error("totals depend on the number of cores")
	}
	counts, total := make([]int32, p.Units), make([]float64, 4)
	for r := range one {
		p.Draw(r, counts)
		if s.Total(counts, total); !slices.Equal(total, one[r][:]) {
			t.Fatalf("resample %d: %v side by side, %v alone", r, one[r], total)
		}
		var want [4]float64
		for u, row := range plain {
			for c, v := range row {
				want[c] += float64(counts[u]) * v
			}
		}
		for c := range want {
			if math.Abs(want[c]-one[r][c]) > 1e-12 {
				t.Fatalf("resample %d: %v, want %v", r, one[r], want)
			}
		}
	}
}

func TestRunStops(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("enough")
	err := Run(ctx, Plan{Resamples: 1 << 30, Units: 2}, func() func(int, []int32) {
		return func(r int, _ []int32) {
			if r == 10 {
				cancel(stop)
			}
		}
	})
	if !errors.Is(err, stop) {
		t.Errorf("error %v, want the cause", err)
	}
}

func TestIntervalsOfNothing(t *testing.T) {
	nan := math.NaN()
	for name, got := range map[string]Interval{
		"no values":        Percentile(nil, 0.95),
		"no numbers":       Percentile([]float64{nan, nan}, 0.95),
		"one unit":         BCa(1, []float64{1, 2}, []float64{1}, 0.95),
		"all alike":        BCa(1, []float64{1, 2}, []float64{1, 1}, 0.95),
		"outside":          BCa(9, []float64{1, 2}, []float64{1, 2}, 0.95),
		"without estimate": BCa(nan, []float64{1, 2}, []float64{1, 2}, 0.95),
	} {
		if !math.IsNaN(got.Low) || !math.IsNaN(got.High) {
			t.Errorf("%s: %v, want none", name, got)
		}
	}
}

func TestPValue(t *testing.T) {
	for _, c := range []struct {
		differences []float64
		want        float64
	}{
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, 0.2},
		{[]float64{-1, 2, 3, 4, 5, 6, 7, 8, 9}, 0.4},
		{[]float64{0, 0, 0}, 1},
		{[]float64{-1, 1}, 1},
		{nil, 1},
	} {
		if got := PValue(c.differences); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("of %v: %v, want %v", c.differences, got, c.want)
		}
	}
}
