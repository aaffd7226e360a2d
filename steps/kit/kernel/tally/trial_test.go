package tally

import (
	"math/rand/v2"
	"testing"
)

// TestPass compares every kernel with the inequality, split by split.
func TestPass(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	passed, seen := 0, 0
	for range 300 {
		var left [256]Packed
		for b := range left {
			h := rng.Int64N(1<<31 - 8) // and absent's are added
			left[b] = Pack(rng.Int64N(1<<31)-1<<30, h>>rng.IntN(31))
		}
		absent := []Packed{0, Pack(-5, 7)}[rng.IntN(2)]
		trial := Trial{
			Q: rng.Float64() - 0.5, All: 1 << 31, Lambda: 1000 * rng.Float64(), Bar: rng.Float64() * []float64{1e-3, 1, -1}[rng.IntN(3)],
			MinH: float64(left[3].H()), MaxH: 1e9,
		}
		n := rng.IntN(257)
		for name, k := range all() {
			m := Mask{}
			k.pass(&trial, &m, &left, max(n, 1), absent)
			for b := range n {
				v := left[b] + absent
				l := float64(v.H()) + trial.Lambda
				d := float64(v.G()) - float64(trial.Q*l)
				inside := float64(v.H()) >= trial.MinH && float64(v.H()) <= trial.MaxH
				want := inside && float64(d*d) > float64(trial.Bar*l)*(trial.All-l)
				if got := m[b/64]>>(b%64)&1 == 1; got != want {
					t.Fatalf("%s, split %d of %d: %v, want %v", name, b, n, got, want)
				}
				seen++
				if want {
					passed++
				}
			}
		}
	}
	if passed < seen/10 || passed > seen*9/10 {
		t.Errorf("%d of %d splits pass: the test does not see both", passed, seen)
	}
}

// TestPassBorders has equality, which is inside for Hessians and not enough for the bar.
func TestPassBorders(t *testing.T) {
	var left [256]Packed
	for b := range left {
		left[b] = Pack(4, int64(b))
	}
	trial := Trial{All: 20, Bar: 0.25, MinH: 4, MaxH: 250} // l = 4 and l = 16 have equality
	for name, k := range all() {
		m := Mask{}
		k.pass(&trial, &m, &left, 256, 0)
		for b := range left {
			l := b
			want := b >= 4 && b <= 250 && 64 > l*(20-l)
			if got := m[b/64]>>(b%64)&1 == 1; got != want {
				t.Errorf("%s: split %d: %v, want %v", name, b, got, want)
			}
		}
	}
}

func TestPassOfFewSplits(t *testing.T) {
	var left [256]Packed
	trial := Trial{Q: 1, Lambda: 1, MaxH: 1}
	for n := -1; n <= 256; n++ {
		m := Mask{1, 1, 1, 1}
		trial.Pass(&m, &left, n, 0)
		for b := range 256 {
			if got := m[b/64]>>(b%64)&1 == 1; got != (b < n) {
				t.Fatalf("%d splits: bit %d is %v", n, b, got)
			}
		}
	}
}
