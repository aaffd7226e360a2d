package gbt

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/kernel/tally"
)

func TestPackedSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 1000 {
		var sum packed
		var g, h int64
		for range 50 {
			dg, dh := rng.Int64N(1<<25)-1<<24, rng.Int64N(1<<25)
			sum += tally.Pack(dg, dh)
			g, h = g+dg, h+dh
		}
		part := tally.Pack(-1<<24, 1<<20)
		if sum.G() != g || sum.H() != h || (sum-part).G() != g+1<<24 || (sum-part).H() != h-1<<20 {
			t.Fatalf("packed sum is %d, %d, want %d, %d", sum.G(), sum.H(), g, h)
		}
	}
}

// TestQuantumLeavesRoom checks by arithmetic that no sum leaves its half, for the most
// rows that training takes: rounding moves each value by a unit at most.
func TestQuantumLeavesRoom(t *testing.T) {
	for _, rows := range []float64{1, 1000, 600_000, 1e8, maxRows - 1} {
		for _, mean := range []float64{1e-300, 1e-9, 0.3, 1, 1.5, 417, 1e6} {
			sum := rows * mean
			u := quantum(sum)
			if top := sum*u + rows; top >= 1<<31 {
				t.Errorf("sums of %v rows of %v come to %v units", rows, mean, top)
			}
			if frac, _ := math.Frexp(u); frac != 0.5 {
				t.Errorf("quantum %v is no power of two", u)
			}
		}
	}
	if quantum(0) <= 0 {
		t.Error("no quantum for a sum of 0")
	}
}

// TestSumsAreExactForAdversaries quantizes derivatives that are as large, as uneven and as
// one-sided as can be, and compares every prefix of the packed sum with sums in 64 bits.
func TestSumsAreExactForAdversaries(t *testing.T) {
	const n = 300_000
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	for name, p := range map[string]func(i int) (p, weight float64, y int32){
		"all wrong":         func(int) (float64, float64, int32) { return 1, 1, 1 },
		"all wrong below":   func(int) (float64, float64, int32) { return 0, 1, 0 },
		"the most Hessian":  func(int) (float64, float64, int32) { return 0.5, 1, 1 },
		"one heavy row":     func(i int) (float64, float64, int32) { return 0.5, 1, int32(min(i, 1)) },
		"next to nothing":   func(int) (float64, float64, int32) { return 1e-12, 1, 1 },
		"powers of two":     func(i int) (float64, float64, int32) { return math.Ldexp(1, -i%40), 1, 1 },
		"all right, nearly": func(int) (float64, float64, int32) { return 1 - 1e-16, 1, 0 },
	} {
		q := newGradients(make([]int32, n), []float64{1, 1})
		if name == "one heavy row" {
			q.weight[0] = 1e6
		}
		for i := range rows {
			said, _, class := p(i)
			q.words[0][i], q.y[i] = math.Float64bits(said), class
		}
		gh := make([]packed, n)
		q.quantize(rows, 0, 3)
		q.take(gh, rows, 0)
		var sum packed
		var g, h int64
		for _, v := range gh {
			sum, g, h = sum+v, g+v.G(), h+v.H()
			if sum.G() != g || sum.H() != h {
				t.Fatalf("%s: packed sum is %d, %d, want %d, %d", name, sum.G(), sum.H(), g, h)
			}
		}
	}
}

// TestRoundingHasNoBias gives a row a gradient so large that those of a million others are
// a quarter of a unit each. The nearest integer of each is 0; their sum must be right within
// what chance allows.
func TestRoundingHasNoBias(t *testing.T) {
	const n = 1 << 20
	rows, y := make([]int32, n), make([]int32, n)
	q := newGradients(y, []float64{3000 * n, 1})
	for i := range rows {
		rows[i] = int32(i)
		if i > 0 {
			q.words[0][i], y[i] = math.Float64bits(1), 1 // a gradient of 1
		}
	}
	gh := make([]packed, n)
	unit := q.quantize(rows, 0, 7)
	q.take(gh, rows, 0)
	if unit != 0.25 {
		t.Fatalf("the unit is 1/%v, and this test is about 1/0.25", unit)
	}
	sum := int64(0)
	for _, v := range gh[1:] {
		sum += v.G()
	}
	if want := (n - 1) * unit; math.Abs(float64(sum)-want) > 5*math.Sqrt(n*unit*(1-unit)) {
		t.Errorf("the gradients add up to %d units, want %v", sum, want)
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
	if want := meanLoss(margins, y, nil, team); loss != want {
		t.Errorf("update says the loss is %v, meanLoss %v", loss, want)
	}
	const step = 1.0 / 256
	gh := make([]packed, 2)
	for k := range 3 {
		unit := q.quantize([]int32{0, 1}, k, k)
		q.take(gh, []int32{0, 1}, k)
		for i := range y {
			at := func(d float32) float64 {
				m := [][]float32{slices.Clone(margins[0]), slices.Clone(margins[1]), slices.Clone(margins[2])}
				m[k][i] += d
				sum := 0.0
				for r, c := range y {
					sum += weight[c] * sumLoss(m, y, nil, r, r+1)
				}
				return sum
			}
			g := (at(step) - at(-step)) / (2 * step)
			h := 2 * (at(step) - 2*at(0) + at(-step)) / (step * step)
			if got := float64(gh[i].G()) / unit; math.Abs(got-g) > 1e-5 {
				t.Errorf("row %d class %d: gradient %v, want %v", i, k, got, g)
			}
			if got := float64(gh[i].H()) / unit; math.Abs(got-h) > 1e-4 {
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
