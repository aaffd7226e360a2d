package model

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/causal"
	"assay/steps/kit/channel"
	"assay/steps/kit/signal"
)

// pastChannels are the channels of these tests' view.
var pastChannels = []int{0, 7, 45}

// randomTensors makes the windows of an episode. A tenth of the values is missing, and channel 7
// wholly so in the first two windows.
func randomTensors(rng *rand.Rand, windows, steps int) *signal.Tensors {
	n := windows * channel.Count * steps
	t := &signal.Tensors{Steps: steps, X: make([]float32, n), Mask: make([]bool, n)}
	for k := range windows {
		t.Center, t.Class = append(t.Center, float64(5+5*k)), append(t.Class, int32(k%3))
	}
	for i := range t.X {
		if gone := i/steps%channel.Count == 7 && i < 2*channel.Count*steps; !gone && rng.IntN(10) > 0 {
			t.X[i], t.Mask[i] = float32(rng.NormFloat64()*3), true
		}
	}
	return t
}

// cutTensors returns the windows [from, to) of an episode.
func cutTensors(t *signal.Tensors, from, to int) *signal.Tensors {
	n := channel.Count * t.Steps
	return &signal.Tensors{Steps: t.Steps, Center: t.Center[from:to], Class: t.Class[from:to],
		X: t.X[from*n : to*n], Mask: t.Mask[from*n : to*n]}
}

// gathered puts an episode into a series with context, after another one whose past must not
// show, and returns its windows of known phase.
func gathered(t *testing.T, x *signal.Tensors) [][]float32 {
	t.Helper()
	before := randomTensors(rand.New(rand.NewPCG(9, 9)), 3, x.Steps)
	g := gatherer{channels: pastChannels, hz: 1, past: make([]causal.Running, len(pastChannels)),
		series: &Series{Columns: 3 * len(pastChannels), Points: x.Steps, Start: make([]int, 3+x.Len())}}
	if err := g.reserve(1); err != nil {
		t.Fatal(err)
	}
	for i, x := range []*signal.Tensors{before, x} {
		if err := g.add(x, 3*i); err != nil {
			t.Fatal(err)
		}
	}
	var list [][]float32
	for k := range known(x) {
		list = append(list, g.series.Window(3+k))
	}
	return list
}

// wanted computes window k again from the windows up to it.
func wanted(x *signal.Tensors, k int) []float32 {
	out := make([]float32, 3*len(pastChannels)*x.Steps)
	for column, c := range pastChannels {
		var means []float64
		for earlier := range k + 1 {
			at := x.At(earlier, c)
			sum, n := 0.0, 0.0
			for j, v := range x.X[at : at+x.Steps] {
				if x.Mask[at+j] {
					sum, n = sum+causal.SignLog(float64(v)), n+1
				}
			}
			if n > 0 {
				means = append(means, sum/n)
			}
		}
		mean := 0.0
		for _, m := range means {
			mean += m
		}
		mean /= float64(len(means))
		for j := range x.Steps {
			row, at := out[j*3*len(pastChannels):], x.At(k, c)+j
			v := math.NaN()
			if x.Mask[at] {
				v = float64(x.X[at])
			}
			row[column] = float32(v)
			row[len(pastChannels)+column] = float32(causal.SignLog(v) - mean)
			row[2*len(pastChannels)+column] = float32(math.NaN())
			if len(means) > 0 {
				row[2*len(pastChannels)+column] = float32(causal.SignLog(v) - slices.Max(means))
			}
		}
	}
	return out
}

func sameValues(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return sameBits(x, y) || x != x && y != y })
}

// TestContextOfTensors compares the series with one computed from all windows so far.
func TestContextOfTensors(t *testing.T) {
	x := randomTensors(rand.New(rand.NewPCG(1, 1)), 12, 10)
	for k, got := range gathered(t, x) {
		if !sameValues(got, wanted(x, k)) {
			t.Fatalf("window %d is %v, want %v", k, got, wanted(x, k))
		}
	}
}

// TestContextIsCausal: later windows and a cut tail do not show, a cut head is a cold start, and a
// window of unknown phase is nobody's but counts.
func TestContextIsCausal(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	x := randomTensors(rng, 10, 10)
	want := gathered(t, x)
	for cut := 1; cut < x.Len(); cut++ {
		other := randomTensors(rng, x.Len(), x.Steps)
		copy(other.X, cutTensors(x, 0, cut).X)
		copy(other.Mask, cutTensors(x, 0, cut).Mask)
		changed, short := gathered(t, other), gathered(t, cutTensors(x, 0, cut))
		for k := range cut {
			if !sameValues(changed[k], want[k]) || !sameValues(short[k], want[k]) {
				t.Fatalf("what comes from window %d on changes window %d", cut, k)
			}
		}
		tail := cutTensors(x, cut, x.Len())
		for k, got := range gathered(t, tail) {
			if !sameValues(got, wanted(tail, k)) {
				t.Fatalf("cold start at %d: window %d is %v, want %v", cut, k, got, wanted(tail, k))
			}
		}
	}
	x.Class[3] = -1
	if got := gathered(t, x); len(got) != 9 || !sameValues(got[3], want[4]) || !sameValues(got[8], want[9]) {
		t.Errorf("with a window of unknown phase there are %d, and they differ", len(got))
	}
}

// TestLoadTensorsWithContext: the channels are those without context, behind them is the context, and the
// windows table may have context itself or not.
func TestLoadTensorsWithContext(t *testing.T) {
	w := newWorld(t, paperGrid(), 60)
	for _, view := range []View{Realistic, Oracle} {
		w.grid.Context = false
		bare, err := w.load(t, view, 1)
		if err != nil {
			t.Fatal(err)
		}
		w.grid.Context = true
		one, err := w.load(t, view, 1)
		if err != nil {
			t.Fatal(err)
		}
		many, err := w.load(t, view, 3)
		if err != nil || !sameValues(one.Series.Data, many.Series.Data) {
			t.Errorf("three workers make other data (%v)", err)
		}
		c := len(bare.Features)
		if want := channel.InContext(bare.Features, "from_mean", "from_max"); !slices.Equal(one.Features, want) {
			t.Fatalf("the columns are %q, want %q", one.Features, want)
		}
		if one.Schema().Meaning == bare.Schema().Meaning {
			t.Error("the schema hash says nothing of context")
		}
		for _, r := range one.Test.Rows {
			a, b := bare.Series.Window(r), one.Series.Window(r)
			for p := range one.Points {
				if !sameValues(a[p*c:(p+1)*c], b[p*3*c:p*3*c+c]) {
					t.Fatalf("window %d, point %d: the channels differ", r, p)
				}
			}
		}
	}
	w.write(t, channel.Schema{Window: 10, Context: 5}.Hash())
	if _, err := w.load(t, Realistic, 1); err != nil {
		t.Errorf("a table that has context itself: %v", err)
	}
	w.write(t, channel.Schema{Window: 10, Context: 2}.Hash())
	if _, err := w.load(t, Realistic, 1); err == nil || !strings.Contains(err.Error(), "window, stride and cures") {
		t.Errorf("a table whose context has another stride: %v", err)
	}
}
