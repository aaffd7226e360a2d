package causal

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/kernel/alloctest"
)

var (
	nan = float32(math.NaN())
	inf = float32(math.Inf(1))
)

// contextOf streams windows through a context.
func contextOf(windows [][]float32) [][]float32 {
	if len(windows) == 0 {
		return nil
	}
	c := New(len(windows[0]))
	var all [][]float32
	for _, x := range windows {
		out := make([]float32, Kinds*len(x))
		c.Next(out, x)
		all = append(all, out)
	}
	return all
}

// naive computes the context of window k again from all windows up to it, with sums that do not
// round.
func naive(windows [][]float32, k int) []float32 {
	n := len(windows[k])
	out := make([]float32, Kinds*n)
	for i := range n {
		var seen []float64
		for _, x := range windows[:k+1] {
			if v := float64(x[i]); v-v == 0 {
				seen = append(seen, v)
			}
		}
		now := float64(windows[k][i])
		if now-now != 0 {
			out[i], out[n+i], out[2*n+i] = nan, nan, nan
			continue
		}
		sum := new(big.Float).SetPrec(2000)
		for _, v := range seen {
			sum.Add(sum, new(big.Float).SetFloat64(v))
		}
		mean, _ := sum.Quo(sum, big.NewFloat(float64(len(seen)))).Float64()
		before := seen[max(0, len(seen)-2)]
		out[i], out[n+i], out[2*n+i] = logOf(now-before), logOf(now-mean), logOf(now-slices.Max(seen))
	}
	return out
}

// logOf is the logarithm with the sign of its argument.
func logOf(d float64) float32 { return float32(math.Copysign(math.Log1p(math.Abs(d)), d)) }

// near reports whether two rows are the same but for the rounding of sums; exact, to the bit.
func near(a, b []float32, exact bool) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool {
		if x != x || y != y || exact {
			return math.Float32bits(x) == math.Float32bits(y) || x != x && y != y
		}
		return math.Abs(float64(x)-float64(y)) <= 1e-6*(1+math.Abs(float64(x)))
	})
}

// random makes windows of values of a few sizes, some of which are missing or infinite.
func random(rng *rand.Rand, windows, values int) [][]float32 {
	list := make([][]float32, windows)
	for k := range list {
		list[k] = make([]float32, values)
		for i := range list[k] {
			list[k][i] = float32(rng.NormFloat64() * float64(1+7*(i%3)))
			switch rng.IntN(12) {
			case 0:
				list[k][i] = nan
			case 1:
				list[k][i] = inf
			}
		}
	}
	return list
}

// TestOracle compares the stream with a computation from all windows so far.
func TestOracle(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, windows := range []int{1, 2, 40} {
		list := random(rng, windows, 9)
		for k, got := range contextOf(list) {
			if want := naive(list, k); !near(got, want, false) {
				t.Fatalf("window %d of %d: %v, want %v", k, windows, got, want)
			}
		}
	}
}

// TestMeaning has the cases that the documentation names.
func TestMeaning(t *testing.T) {
	for name, c := range map[string]struct{ x, change, mean, most []float32 }{
		"rises and falls":    {[]float32{1, 3, 2}, []float32{0, 2, -1}, []float32{0, 1, 0}, []float32{0, 0, -1}},
		"below 0":            {[]float32{-4, -2, -6}, []float32{0, 2, -4}, []float32{0, 1, -2}, []float32{0, 0, -4}},
		"missing now":        {[]float32{1, nan, 3}, []float32{0, nan, 2}, []float32{0, nan, 1}, []float32{0, nan, 0}},
		"infinite now":       {[]float32{1, inf, 3}, []float32{0, nan, 2}, []float32{0, nan, 1}, []float32{0, nan, 0}},
		"all missing before": {[]float32{nan, nan, 3, 5}, []float32{nan, nan, 0, 2}, []float32{nan, nan, 0, 1}, []float32{nan, nan, 0, 0}},
		"of any size":        {[]float32{-1e30, 1e30}, []float32{0, 2e30}, []float32{0, 1e30}, []float32{0, 0}},
	} {
		for k, x := range c.x {
			out := make([]float32, Kinds)
			list := contextOf(column(c.x[:k+1]))
			copy(out, list[k])
			want := []float32{logOf(float64(c.change[k])), logOf(float64(c.mean[k])), logOf(float64(c.most[k]))}
			if !near(out, want, false) {
				t.Errorf("%s: the context of window %d, %v, is %v, want %v", name, k, x, out, want)
			}
		}
	}
}

// column makes windows of one value.
func column(x []float32) (windows [][]float32) {
	for _, v := range x {
		windows = append(windows, []float32{v})
	}
	return windows
}

// TestCausal: later windows never show, and an episode that is cut short has the same rows.
func TestCausal(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	list := random(rng, 30, 5)
	want := contextOf(list)
	for cut := range list {
		changed := slices.Concat(list[:cut], random(rng, len(list)-cut, 5))
		for k, got := range contextOf(changed)[:cut] {
			if !near(got, want[k], true) {
				t.Fatalf("windows from %d on change the context of window %d", cut, k)
			}
		}
		for k, got := range contextOf(list[:cut]) {
			if !near(got, want[k], true) {
				t.Fatalf("an episode cut at %d has another context of window %d", cut, k)
			}
		}
	}
}

// TestColdStart: a context that begins in the middle, or is reset, is that of an episode that begins
// there, and its first window differs from nothing.
func TestColdStart(t *testing.T) {
	list := random(rand.New(rand.NewPCG(5, 6)), 20, 4)
	c := New(4)
	out := make([]float32, Kinds*4)
	for _, x := range list[:7] {
		c.Next(out, x)
	}
	c.Reset()
	for k, want := range contextOf(list[7:]) {
		if c.Next(out, list[7+k]); !near(out, want, true) {
			t.Fatalf("window %d after the reset: %v, want %v", k, out, want)
		}
		for _, v := range out {
			if k == 0 && v == v && v != 0 {
				t.Errorf("the first window has the context %v", out)
			}
		}
	}
}

func TestRunning(t *testing.T) {
	var r Running
	if !math.IsNaN(r.Mean()) || !math.IsNaN(r.Max()) || !math.IsNaN(r.Last()) {
		t.Errorf("nothing seen: mean %v, maximum %v, last %v", r.Mean(), r.Max(), r.Last())
	}
	for _, x := range []float64{-3, math.NaN(), math.Inf(-1), -5} {
		r.Add(x)
	}
	if r.Mean() != -4 || r.Max() != -3 || r.Last() != -5 {
		t.Errorf("mean %v, maximum %v, last %v", r.Mean(), r.Max(), r.Last())
	}
}

// TestAllocatesNothing: a stream of any length takes no more memory.
func TestAllocatesNothing(t *testing.T) {
	c, x, out := New(230), make([]float32, 230), make([]float32, Kinds*230)
	alloctest.None(t, func() { c.Next(out, x) })
}
