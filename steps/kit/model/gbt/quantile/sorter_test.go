package quantile

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSortIsSlicesSort(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	var s Sorter
	for _, n := range []int{0, 1, 511, 512, 5000, 700} {
		values := make([]float32, n)
		for i := range values {
			switch rng.IntN(4) {
			case 0:
				values[i] = float32(rng.IntN(9) - 4)
			case 1:
				values[i] = math.Float32frombits(rng.Uint32())
			case 2:
				values[i] = float32(rng.NormFloat64())
			default:
				values[i] = []float32{math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32,
					float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1))}[rng.IntN(6)]
			}
			if values[i] != values[i] {
				values[i] = 1
			}
		}
		want := slices.Sorted(slices.Values(values))
		s.sort(values)
		if !slices.Equal(values, want) {
			t.Errorf("%d values are in another order", n)
		}
	}
}

// TestKeysFindBins compares the search by keys with binOf.
func TestKeysFindBins(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 11))
	for _, n := range []int{1, 2, 3, 64, 200, 255} {
		var values []float32
		for range 4 * n {
			values = append(values, float32(rng.NormFloat64()), float32(rng.IntN(5)-2))
		}
		cuts := Cuts(slices.Clone(values), n, new(Sorter))
		keys := KeysOf(cuts)
		values = append(values, cuts...)
		values = append(values, float32(math.Copysign(0, -1)), math.Nextafter32(math.MaxFloat32, 0), -math.MaxFloat32/2)
		for _, v := range values {
			if v >= math.MaxFloat32 {
				continue // missing
			}
			if got, want := keys.Bin(v), binOf(cuts, v); got != want {
				t.Errorf("%v is in bin %d of %d, want %d", v, got, len(cuts), want)
			}
		}
	}
}
