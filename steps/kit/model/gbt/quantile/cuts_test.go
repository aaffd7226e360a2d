package quantile

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestCutsOfFewValues(t *testing.T) {
	top := float32(math.MaxFloat32)
	for _, c := range []struct {
		name         string
		values, want []float32
		bins         int
	}{
		{"none", nil, nil, 8},
		{"one", []float32{3, 3, 3}, []float32{top}, 8},
		{"a bin each", []float32{4, 1, 2, 1}, []float32{1.5, 3, top}, 8},
		{"just fits", []float32{4, 1, 2, 1}, []float32{1.5, 3, top}, 3},
		{"too many", []float32{1, 1, 1, 2, 3}, []float32{1.5, top}, 2},
		{"the heavy value last", []float32{1, 2, 3, 3, 3, 3}, []float32{2.5, top}, 2},
		{"neighbours", []float32{1, math.Nextafter32(1, 2)}, []float32{math.Nextafter32(1, 2), top}, 8},
		{"zeros of both signs", []float32{0, float32(math.Copysign(0, -1)), 1}, []float32{0.5, top}, 8},
	} {
		if got := Cuts(slices.Clone(c.values), c.bins, new(Sorter)); !slices.Equal(got, c.want) {
			t.Errorf("%s: cuts %v, want %v", c.name, got, c.want)
		}
	}
}

// TestCutsShareRows holds cuts of random values to what binning promises.
func TestCutsShareRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for range 300 {
		n, limit := 1+rng.IntN(900), 2+rng.IntN(62)
		levels := 1 + rng.IntN(400)
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(math.Exp(float64(rng.IntN(levels)) / 20))
		}
		heaviest := 0
		for _, r := range runsOf(slices.Sorted(slices.Values(values))) {
			heaviest = max(heaviest, r.n)
		}
		cuts := Cuts(values, limit, new(Sorter))
		if len(cuts) > limit {
			t.Fatalf("%d bins, want at most %d", len(cuts), limit)
		}
		if !slices.IsSorted(cuts) || len(slices.Compact(slices.Clone(cuts))) != len(cuts) {
			t.Fatalf("cuts do not ascend: %v", cuts)
		}
		rows := make([]int, len(cuts))
		for _, v := range values {
			b := binOf(cuts, v)
			if v >= cuts[b] || b > 0 && v < cuts[b-1] {
				t.Fatalf("%v is in bin %d of %v", v, b, cuts)
			}
			rows[b]++
		}
		for b, r := range rows {
			if r == 0 {
				t.Fatalf("bin %d of %v is empty", b, cuts)
			}
			if r > 2*(n/limit+1)+heaviest {
				t.Fatalf("bin %d has %d of %d rows with %d bins, the most frequent value having %d", b, r, n, limit, heaviest)
			}
		}
	}
}

// An equal is n equal values.
type equal struct {
	v float32
	n int
}

func runsOf(sorted []float32) []equal {
	var list []equal
	for at := 0; at < len(sorted); {
		n := firstRun(sorted[at:])
		list = append(list, equal{sorted[at], n})
		at += n
	}
	return list
}

// binOf is the plain search that Keys are compared with.
func binOf(cuts []float32, v float32) int {
	lo, hi := 0, len(cuts)
	for lo < hi {
		if mid := (lo + hi) / 2; v < cuts[mid] {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}
