package profile

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/table"
)

// TestAggregate compares with the definitions, on curves with holes.
func TestAggregate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	curves := make([][]float64, 7)
	for i := range curves {
		curves[i] = make([]float64, Points)
		for p := range curves[i] {
			curves[i][p] = float64(r.IntN(1000))
			if r.IntN(3) == 0 || p == 0 {
				curves[i][p] = math.NaN()
			}
		}
	}
	s := Subject{"x", "proc.rss_bytes"}
	e := Aggregate(s, curves, true)
	for p := range Points {
		var have []float64
		for _, c := range curves {
			if c[p] == c[p] {
				have = append(have, c[p])
			}
		}
		slices.Sort(have)
		want := [3]float64{at(have, 0.5), at(have, 0.25), at(have, 0.75)}
		got := [3]float64{e.Median[p], e.P25[p], e.P75[p]}
		for i := range want {
			if !(math.Abs(got[i]-want[i]) <= 1e-9) && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
				t.Errorf("point %d of %v: %v, want %v", p, have, got, want)
			}
		}
	}
	slices.Reverse(curves)
	if other := Aggregate(s, curves, true); !episodetest.AllSame(other.P25, e.P25) || !episodetest.AllSame(other.Scaled, e.Scaled) {
		t.Error("the order of the curves shows")
	}
	if old := Aggregate(s, curves, false); old.Median[0] != 0 || old.Low != 0 || e.Low == 0 || !math.IsNaN(e.Scaled[0]) {
		t.Errorf("a point without values: %v, lowest %v; as missing %v, lowest %v", old.Median[0], old.Low, e.Scaled[0], e.Low)
	}
}

// at is the value at q of sorted values, by the plain formula.
func at(v []float64, q float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	x := q * float64(len(v)-1)
	k := min(int(x), len(v)-1)
	return v[k] + (x-float64(k))*(v[min(k+1, len(v)-1)]-v[k])
}

// TestScale: constants, nothing, and values at the ends of what a double holds.
func TestScale(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct{ median, want []float64 }{
		{[]float64{2, 4, 3}, []float64{0, 1, 0.5}},
		{[]float64{5, 5, 5}, []float64{0, 0, 0}},
		{[]float64{5, nan, 7}, []float64{0, nan, 1}},
		{[]float64{nan, nan}, []float64{nan, nan}},
		{[]float64{-1.7e308, 1.7e308}, []float64{0, 0}}, // the range overflows
	} {
		e := &Envelope{Median: c.median}
		if e.scale(); !episodetest.AllSame(e.Scaled, c.want) {
			t.Errorf("%v is scaled to %v, want %v", c.median, e.Scaled, c.want)
		}
	}
	huge := Aggregate(Subject{}, [][]float64{{1.7e308}, {1.7e308}, {-1.7e308}}, false)
	for _, v := range []float64{huge.Median[0], huge.P25[0], huge.P75[0]} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("huge values make %+v", huge)
		}
	}
}

// TestOrder: the order depends on the seed and the profile, not on what else there is.
func TestOrder(t *testing.T) {
	keys := make([]table.Key, 50)
	for i := range keys {
		keys[i] = table.Key{Host: string(rune('a' + i%5)), Episode: string(rune('A' + i/5))}
	}
	first := Order(1, "p", keys)
	reversed := slices.Clone(keys)
	slices.Reverse(reversed)
	if !slices.Equal(first, Order(1, "p", reversed)) {
		t.Error("the order depends on that of the table")
	}
	if slices.Equal(first, Order(2, "p", keys)) || slices.Equal(first, Order(1, "q", keys)) {
		t.Error("the order depends on neither seed nor profile")
	}
	less := slices.DeleteFunc(slices.Clone(first), func(k table.Key) bool { return k == keys[7] })
	without := slices.Delete(slices.Clone(keys), 7, 8)
	if !slices.Equal(Order(1, "p", without), less) {
		t.Error("an episode less changes the turns of the others")
	}
}
