package gbt

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/kernel/f32"
)

func TestPackedSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 1000 {
		var sum packed
		var g, h int64
		for range 50 {
			dg, dh := rng.Int64N(1<<25)-1<<24, rng.Int64N(1<<25)
			sum += pack(dg, dh)
			g, h = g+dg, h+dh
		}
		part := pack(-1<<24, 1<<20)
		if sum.g() != g || sum.h() != h || (sum-part).g() != g+1<<24 || (sum-part).h() != h-1<<20 {
			t.Fatalf("packed sum is %d, %d, want %d, %d", sum.g(), sum.h(), g, h)
		}
	}
}

// TestQuantumLeavesRoom checks that sums of any sign pattern fit their halves.
func TestQuantumLeavesRoom(t *testing.T) {
	for _, sum := range []float64{1e-300, 1e-9, 0.3, 1, 1.5, 417, 1 << 20, 1<<30 - 1} {
		u := quantum(sum)
		if sum*u > 1<<30 {
			t.Errorf("a sum of %v comes to %v units", sum, sum*u)
		}
		if frac, _ := math.Frexp(u); frac != 0.5 {
			t.Errorf("quantum %v is no power of two", u)
		}
	}
	if quantum(0) <= 0 {
		t.Error("no quantum for a sum of 0")
	}
}

// TestGradientsAreDerivatives compares with differences of the loss.
func TestGradientsAreDerivatives(t *testing.T) {
	margins := [][]float32{{0.5, 0.75}, {-1.25, 0}, {2, -3}}
	y := []int32{2, 0}
	weight := []float64{1.5, 1, 0.5}
	team := f32.NewTeam(1)
	defer team.Close()
	q := newGradients(y, weight)
	loss := q.update(margins, team)
	if want := meanLoss(margins, y, weight, nil, team); loss != want {
		t.Errorf("update says the loss is %v, meanLoss %v", loss, want)
	}
	const step = 1.0 / 256
	gh := make([]packed, 2)
	for k := range 3 {
		unit := q.quantize(gh, []int32{0, 1}, k, k)
		for i := range y {
			at := func(d float32) float64 {
				m := [][]float32{slices.Clone(margins[0]), slices.Clone(margins[1]), slices.Clone(margins[2])}
				m[k][i] += d
				return 2 * meanLoss(m, y, weight, nil, team) // the mean of two rows, whose weights add up to 2
			}
			g := (at(step) - at(-step)) / (2 * step)
			h := 2 * (at(step) - 2*at(0) + at(-step)) / (step * step)
			if got := float64(gh[i].g()) / unit; math.Abs(got-g) > 1e-5 {
				t.Errorf("row %d class %d: gradient %v, want %v", i, k, got, g)
			}
			if got := float64(gh[i].h()) / unit; math.Abs(got-h) > 1e-4 {
				t.Errorf("row %d class %d: Hessian %v, want %v", i, k, got, h)
			}
		}
	}
}

func TestChooseIsFair(t *testing.T) {
	var times [10]int
	for tree := range 4000 {
		n, last := 0, -1
		choose(stream(5, "rows", tree), 10, 3, func(i int) {
			if i <= last {
				t.Fatalf("%d after %d", i, last)
			}
			last = i
			times[i]++
			n++
		})
		if n != 3 {
			t.Fatalf("chose %d, want 3", n)
		}
	}
	for i, n := range times {
		if n < 1100 || n > 1300 { // 1200, and some three standard deviations
			t.Errorf("%d was chosen %d times of 4000, want about 1200", i, n)
		}
	}
}
