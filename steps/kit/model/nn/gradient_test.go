package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"assay/steps/kit/kernel/f32"
)

// small are networks of every family that are quickly computed by hand.
func small() []Network {
	return []Network{
		{Family: MLP, Inputs: 13, Points: 1, Hidden: 32, Classes: 6},
		{Family: CNN, Inputs: 7, Points: 19, Hidden: 16, Classes: 6},
		{Family: GRU, Inputs: 7, Points: 11, Hidden: 16, Classes: 5},
		{Family: LSTM, Inputs: 7, Points: 11, Hidden: 16, Classes: 3},
		{Family: Transformer, Inputs: 7, Points: 9, Hidden: 32, Classes: 6},
	}
}

// windowsFor draws some windows and their classes.
func windowsFor(n Network, count int) ([][]float32, []int32) {
	rng := rand.New(rand.NewPCG(3, 4))
	x, y := make([][]float32, count), make([]int32, count)
	for i := range x {
		x[i] = make([]float32, n.width())
		for j := range x[i] {
			x[i][j] = float32(rng.NormFloat64())
		}
		y[i] = int32(rng.IntN(n.Classes))
	}
	return x, y
}

func batchOf(x [][]float32, y []int32) Batch {
	return Batch{Fill: func(to []float32, i int) { copy(to, x[i]) }, Y: y}
}

// wide returns windows for the oracle.
func wide(n Network, x [][]float32) []rows {
	var all []rows
	for _, w := range x {
		var r rows
		for t := range n.Points {
			var p []float64
			for _, v := range w[t*n.Inputs : (t+1)*n.Inputs] {
				p = append(p, float64(v))
			}
			r = append(r, p)
		}
		all = append(all, r)
	}
	return all
}

// TestGradients compares the gradient of every tensor with finite differences of the
// oracle's loss, for a batch in several shards and pieces, the last ones not full.
func TestGradients(t *testing.T) {
	for _, n := range small() {
		t.Run(n.Family, func(t *testing.T) {
			net := New(n, 5)
			x, y := windowsFor(n, 21)
			l := Loss{Weights: make([]float64, n.Classes), Smoothing: 0.1}
			for k := range l.Weights {
				l.Weights[k] = 0.5 + float64(k)/4
			}
			team := f32.NewTeam(2)
			defer team.Close()
			r := newRunner(net, team, 24, l)
			got := r.gradients(batchOf(x, y), 0)
			o, in := newOracle(net), wide(n, x)
			if want := o.loss(in, y, l); math.Abs(got-want) > 1e-5*want {
				t.Errorf("the loss is %v, want %v", got, want)
			}
			for _, w := range net.weights {
				checkGradient(t, o, w, r.shards[0].grads, func() float64 { return o.loss(in, y, l) })
			}
		})
	}
}

// checkGradient compares some elements of a gradient.
func checkGradient(t *testing.T, o *oracle, w *weight, grads []float32, loss func() float64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(6, 7))
	values := o.w[w.name]
	there := map[int]float64{}
	w.each(func(i, here int) { there[i] = float64(grads[w.at+here]) })
	scale := 1e-3
	for _, g := range there {
		scale = max(scale, math.Abs(g))
	}
	elements := 6
	if testing.Short() {
		elements = 2
	}
	for range elements {
		i := rng.IntN(len(values))
		const h = 1e-6
		kept := values[i]
		values[i] = kept + h
		up := loss()
		values[i] = kept - h
		down := loss()
		values[i] = kept
		if want := (up - down) / (2 * h); math.Abs(there[i]-want) > 2e-4*scale {
			t.Errorf("%s[%d]: gradient %v, want %v (largest %v)", w.name, i, there[i], want, scale)
		}
	}
	for i := range w.rows { // columns of zeros learn nothing
		for _, g := range grads[w.at+i*w.step+w.cols : w.at+(i+1)*w.step] {
			if g != 0 {
				t.Fatalf("%s: a column beyond the last has the gradient %v", w.name, g)
			}
		}
	}
}

// TestLogits compares the outputs outside of training, for full and single pieces.
func TestLogits(t *testing.T) {
	for _, n := range small() {
		t.Run(n.Family, func(t *testing.T) {
			net := New(n, 5)
			for i, w := range net.saved() { // running statistics that are not the first ones
				for j := range w.cols {
					if w.rows == 1 {
						w.data[j] += float32(0.01 * float64(i+j))
					}
				}
			}
			net.ready()
			x, _ := windowsFor(n, net.pieceOf())
			want := newOracle(net).logits(wide(n, x), false)
			for _, size := range []int{net.pieceOf(), 1} {
				p := net.newPass(size)
				p.n = size
				net.fill(p, batchOf(x, nil))
				got := net.apply(p)
				for i := range size {
					for k, v := range want[i] {
						if g := float64(got[i*net.logits()+k]); math.Abs(g-v) > 1e-5 {
							t.Fatalf("window %d of %d, class %d: %v, want %v", i, size, k, g, v)
						}
					}
				}
			}
		})
	}
}

// TestWorkersShowNowhere computes batches with different numbers of workers.
func TestWorkersShowNowhere(t *testing.T) {
	for _, n := range small() {
		n.Dropout = 0.3
		var want string
		for workers := 1; workers <= 3; workers++ {
			net := New(n, 5)
			team := f32.NewTeam(workers)
			s := Settings{Epochs: 3, Batch: 24, Rate: 0.01, Decay: 0.01, Clip: 1}
			r, opt := newRunner(net, team, 24, Loss{Weights: Balance([]int{3, 2, 4, 1, 1, 1}, 0.5)}), newOptimiser(net, s, 6)
			x, y := windowsFor(n, 21)
			for step := range 3 {
				r.gradients(batchOf(x, y), chanceOf(1, step))
				opt.move(r)
			}
			team.Close()
			got := ""
			for _, w := range net.saved() {
				for _, v := range w.data {
					got += fmt.Sprintf("%08x", math.Float32bits(v))
				}
			}
			if workers == 1 {
				want = got
			} else if got != want {
				t.Errorf("%s: %d workers make other bits", n.Family, workers)
			}
		}
	}
}
