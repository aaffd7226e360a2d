package nn

import (
	"math"

	"assay/steps/kit/kernel/f32"
)

// gru is a layer of gated recurrent units (Cho et al. 2014), as PyTorch has them:
// see [f32.GRU]. Its outputs are the states of all points.
type gruLayer struct {
	recurrent
	bh *weight
}

func (b *builder) gru(name string, points, in, hidden int) *gruLayer {
	l := &gruLayer{recurrent: b.recurrent(name, points, in, hidden, 3)}
	l.bh = b.add(&weight{name: name + ".bias_hh_l0", shape: []int{3 * hidden}, rows: 1, cols: 3 * hidden},
		1/math.Sqrt(float64(hidden)))
	return l
}

func (l *gruLayer) parts() []*weight { return []*weight{l.wx, l.wh, l.bx, l.bh} }
func (l *gruLayer) op(int) op        { return &gruOp{gruLayer: l} }

type gruOp struct {
	*gruLayer
	x              []float32
	gx, gh, states buffer
	dh             buffer
}

func (o *gruOp) forward(_ *call, x []float32, n int) []float32 {
	o.x = x
	size, cols := n*o.hidden, n*o.cols()
	gx, gh := o.gx.get(o.points*cols), o.gh.get(o.points*cols)
	states := o.states.get((o.points + 1) * size)
	clear(states[:size])
	ready := 0
	for t := range o.points {
		if t == ready {
			ready = o.inputs(gx, x, t, n)
		}
		before, after := states[t*size:(t+1)*size], states[(t+1)*size:(t+2)*size]
		h := gh[t*cols : (t+1)*cols]
		f32.MulBias(f32.Of(h, n, o.cols()), f32.Of(before, n, o.hidden), o.state, o.bh.data)
		f32.GRU(gx[t*cols:(t+1)*cols], h, before, after, n, o.hidden)
	}
	return states[size:]
}

func (o *gruOp) backward(c *call, dy []float32, n int) []float32 {
	size, cols := n*o.hidden, n*o.cols()
	gx, gh, states := o.gx[:o.points*cols], o.gh[:o.points*cols], o.states[:(o.points+1)*size]
	dh := o.dh.zeroed(size)
	for t := o.points - 1; t >= 0; t-- {
		f32.Add(dh, dy[t*size:(t+1)*size])
		h := gh[t*cols : (t+1)*cols]
		f32.GRUBack(gx[t*cols:(t+1)*cols], h, states[t*size:(t+1)*size], dh, n, o.hidden)
		if t > 0 {
			f32.MulAdd(f32.Of(dh, n, o.hidden), f32.Of(h, n, o.cols()), o.again)
		}
	}
	o.spread(c, o.x, states, gx, gh, n)
	f32.ColSums(c.grad(o.bh), gh)
	return nil
}
