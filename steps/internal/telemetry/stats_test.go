package telemetry

import (
	"math"
	"slices"
	"testing"
)

// TestStats checks the statistics where they can be worked out by hand; the
// golden arrays check their bits.
func TestStats(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name string
		t, v []float64
		want []float64 // mean, std, p50, p95, slope
	}{
		{"empty", nil, nil, []float64{nan, nan, nan, nan, nan}},
		{"nothing finite", []float64{1, 2}, []float64{nan, inf}, []float64{nan, nan, nan, nan, nan}},
		{"one", []float64{3}, []float64{7}, []float64{7, 0, 7, 7, 0}},
		{"constant", []float64{1, 2, 3}, []float64{0.1, 0.1, 0.1}, []float64{0.1, math.Abs((0.1+0.1+0.1)/3 - 0.1), 0.1, 0.1, 0}},
		{"one moment", []float64{5, 5}, []float64{1, 3}, []float64{2, 1, 2, 2.9, 0}},
		{"line", []float64{0, 1, 2, 3}, []float64{1, 3, 5, 7}, []float64{4, math.Sqrt(5), 4, 6.7, 2}},
		{"gaps", []float64{0, 1, 2, 3, 4}, []float64{1, nan, 5, -inf, 9}, []float64{5, math.Sqrt(32.0 / 3), 5, 8.6, 2}},
	} {
		var w workspace
		got := make([]float64, NumStats)
		w.stats(c.t, c.v, got)
		for i := range got {
			if !same(got[i], c.want[i]) && math.Abs(got[i]-c.want[i]) > 1e-15 {
				t.Errorf("%s: %s is %v, want %v", c.name, stats[i], got[i], c.want[i])
			}
		}
	}
}

// TestPairwise: every length, against the plain sum of integers, which is exact.
func TestPairwise(t *testing.T) {
	var v []float64
	want := 0.0
	for n := range 1100 {
		if got := pairwise(v); got != want {
			t.Fatalf("%d values sum to %v, want %v", n, got, want)
		}
		v = append(v, float64(n*n%97))
		want += v[n]
	}
}

func TestRates(t *testing.T) {
	nan := math.NaN()
	got := rates([]float64{0, 1, 1, 3, 4, 5}, []float64{10, 12, 20, 10, nan, 5}, false)
	if !slices.Equal(got.T, []float64{1, 1, 3, 4, 5}) || !sameBits(got.V, []float64{2, nan, -5, nan, nan}) {
		t.Errorf("the rates are %v at %v", got.V, got.T)
	}
	for n := range 2 {
		if s := rates(make([]float64, n), make([]float64, n), false); len(s.T) != 0 || len(s.V) != 0 {
			t.Errorf("%d samples have %d rates", n, len(s.V))
		}
	}
}

// TestSort: stable, with clocks that are NaN at the end.
func TestSort(t *testing.T) {
	nan := math.NaN()
	e := &Episode{}
	for s := range e.Tables {
		from, to := Columns(Source(s))
		e.Tables[s].reset(to - from)
	}
	tab := &e.Tables[Netflow]
	for i, at := range []float64{2, nan, 1, 2, math.Inf(-1), nan, 1} {
		tab.T, tab.Mono = append(tab.T, at), append(tab.Mono, nan)
		row := make([]float64, tab.Width)
		row[0] = float64(i)
		tab.V = append(tab.V, row...)
	}
	var g Signals
	g.Load(e)
	from, _ := Columns(Netflow)
	s := g.Series(from)
	if !slices.Equal(s.V, []float64{4, 2, 6, 0, 3, 1, 5}) || !sameBits(s.T, []float64{math.Inf(-1), 1, 1, 2, 2, nan, nan}) {
		t.Errorf("sorted to %v at %v", s.V, s.T)
	}
	if i := firstAt(s.T, 2); i != 3 {
		t.Errorf("the first row at 2 s is %d", i)
	}
	if i := firstAt(s.T, 3); i != 5 {
		t.Errorf("the first row at 3 s is %d", i)
	}
}
