package signal

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode/episodetest"
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
		{"two", []float64{0, 2}, []float64{8, 4}, []float64{6, 2, 6, 7.8, -2}},
		{"gaps", []float64{0, 1, 2, 3, 4}, []float64{1, nan, 5, -inf, 9}, []float64{5, math.Sqrt(32.0 / 3), 5, 8.6, 2}},
	} {
		var w workspace
		got, plain := make([]float64, channel.NumStats), make([]float64, channel.NumStats)
		w.stats(c.t, c.v, got)
		w.plainStats(c.t, c.v, plain)
		if !episodetest.AllSame(got, plain) {
			t.Errorf("%s: %v, the plain way %v", c.name, got, plain)
		}
		for i := range got {
			if !episodetest.Same(got[i], c.want[i]) && math.Abs(got[i]-c.want[i]) > 1e-15 {
				t.Errorf("%s: %s is %v, want %v", c.name, channel.Stats()[i], got[i], c.want[i])
			}
		}
	}
}

// plainStats is stats by sorting.
func (w *workspace) plainStats(t, v, out []float64) {
	t, v = w.finite(t, v)
	if len(v) == 0 {
		w.stats(t, v, out)
		return
	}
	w.finiteStats(t, v, sortedSpread(slices.Sorted(slices.Values(v)), nil), out)
}

// TestSelect: random values, few of them different and many, and arrangements
// that are bad for a choice of pivots, against sorting.
func TestSelect(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for range 4000 {
		n, values := 1+rng.IntN(400), 1+rng.IntN(500)
		v := make([]float64, n)
		for i := range v {
			switch v[i] = float64(rng.IntN(values)) / 7; values % 5 {
			case 0:
				v[i] = float64(i)
			case 1:
				v[i] = float64(min(i, n-i)) // the pivot is near an end each time
			}
		}
		sorted := slices.Sorted(slices.Values(v))
		if got, want := selectSpread(slices.Clone(v)), sortedSpread(sorted, nil); got != want {
			t.Fatalf("%v lie as %+v, want %+v", v, got, want)
		}
		k := rng.IntN(n)
		place(v, k)
		if v[k] != sorted[k] || k > 0 && slices.Max(v[:k]) > v[k] || slices.Min(v[k:]) < v[k] {
			t.Fatalf("%v is not parted at %d", v, k)
		}
	}
}

// TestSelectBound: values arranged against the choice of pivots take a bounded
// number of rounds.
func TestSelectBound(t *testing.T) {
	v := against(5000)
	sorted := slices.Sorted(slices.Values(v))
	if got, want := selectSpread(v), sortedSpread(sorted, nil); got != want {
		t.Errorf("they lie as %+v, want %+v", got, want)
	}
}

// against makes n values of which the first, the middle and the last hold two of
// the least that are left, each time they are parted.
func against(n int) []float64 {
	at := make([]int, n) // where the values of the part under way lie in the result
	for i := range at {
		at[i] = i
	}
	v := make([]float64, n)
	for next := 0.0; len(at) > 2; next += 2 {
		v[at[0]], v[at[len(at)/2]] = next, next+1
		at[len(at)/2] = at[1] // parting moves what stood second to the middle's place
		at = at[2:]
	}
	for _, i := range at {
		v[i] = float64(n)
	}
	return v
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
	if !slices.Equal(got.T, []float64{1, 1, 3, 4, 5}) || !episodetest.AllSame(got.V, []float64{2, nan, -5, nan, nan}) {
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
	e := bare(0)
	tab := &e.Tables[channel.Netflow]
	for i, at := range []float64{2, nan, 1, 2, math.Inf(-1), nan, 1} {
		tab.T, tab.Mono = append(tab.T, at), append(tab.Mono, nan)
		row := make([]float64, tab.Width)
		row[0] = float64(i)
		tab.V = append(tab.V, row...)
	}
	var g Set
	g.Load(e)
	from, _ := channel.Columns(channel.Netflow)
	s := g.Series(from)
	if !slices.Equal(s.V, []float64{4, 2, 6, 0, 3, 1, 5}) || !episodetest.AllSame(s.T, []float64{math.Inf(-1), 1, 1, 2, 2, nan, nan}) {
		t.Errorf("sorted to %v at %v", s.V, s.T)
	}
	if i := firstAt(s.T, 2); i != 3 {
		t.Errorf("the first row at 2 s is %d", i)
	}
	if i := firstAt(s.T, 3); i != 5 {
		t.Errorf("the first row at 3 s is %d", i)
	}
}
