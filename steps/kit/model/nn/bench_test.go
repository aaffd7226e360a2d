package nn

import (
	"testing"

	"assay/steps/kit/kernel/f32"
)

// benched are the networks of the paper, as bench/nn compares them with others.
func benched() []Network {
	return []Network{
		{Family: MLP, Inputs: 230, Points: 1, Hidden: 256, Classes: 6},
		{Family: CNN, Inputs: 46, Points: 100, Hidden: 64, Classes: 6},
		{Family: GRU, Inputs: 46, Points: 100, Hidden: 64, Classes: 6},
		{Family: LSTM, Inputs: 46, Points: 100, Hidden: 64, Classes: 6},
		{Family: Transformer, Inputs: 46, Points: 100, Hidden: 64, Classes: 6},
	}
}

// BenchmarkStep is a training step of 256 windows on one thread.
func BenchmarkStep(b *testing.B) {
	for _, n := range benched() {
		b.Run(n.Family, func(b *testing.B) {
			x, y := windowsFor(n, 256)
			team := f32.NewTeam(1)
			defer team.Close()
			net := New(n, 1)
			r := newRunner(net, team, 256, Loss{Weights: []float64{1, 1, 1, 1, 1, 1}})
			o := newOptimiser(net, Settings{Rate: 1e-3, Clip: 1}, b.N+1)
			batch := batchOf(x, y)
			for b.Loop() {
				r.gradients(batch, 0)
				o.move(r)
			}
		})
	}
}

// BenchmarkWindow is one window on one thread.
func BenchmarkWindow(b *testing.B) {
	for _, n := range benched() {
		b.Run(n.Family, func(b *testing.B) {
			x, _ := windowsFor(n, 1)
			net := New(n, 1)
			net.ready()
			p := net.newPass(net.pieceOf())
			p.n = 1
			net.fill(p, batchOf(x, nil))
			b.ReportAllocs()
			for b.Loop() {
				net.apply(p)
			}
		})
	}
}
