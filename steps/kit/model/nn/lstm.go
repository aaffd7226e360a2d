package nn

import "assay/steps/kit/kernel/f32"

// lstmLayer is a layer of long short-term memory (Hochreiter and Schmidhuber 1997),
// see [f32.LSTM]. It has one bias where PyTorch has two that add up. Its outputs are
// the states of all points.
type lstmLayer struct{ recurrent }

func (b *builder) lstm(name string, points, in, hidden int) *lstmLayer {
	return &lstmLayer{b.recurrent(name, points, in, hidden, 4)}
}

func (l *lstmLayer) parts() []*weight { return []*weight{l.wx, l.wh, l.bx} }
func (l *lstmLayer) op(int) op        { return &lstmOp{lstmLayer: l} }

type lstmOp struct {
	*lstmLayer
	x                          []float32
	gates, cells, tanh, states buffer
	dh, dc                     buffer
}

func (o *lstmOp) forward(_ *call, x []float32, n int) []float32 {
	o.x = x
	size, cols := n*o.hidden, n*o.cols()
	gates, tanh := o.gates.get(o.points*cols), o.tanh.get(o.points*size)
	cells, states := o.cells.get((o.points+1)*size), o.states.get((o.points+1)*size)
	clear(cells[:size])
	clear(states[:size])
	ready := 0
	for t := range o.points {
		if t == ready {
			ready = o.inputs(gates, x, t, n)
		}
		g := gates[t*cols : (t+1)*cols]
		now, next := t*size, (t+1)*size
		f32.MulAdd(f32.Of(g, n, o.cols()), f32.Of(states[now:next], n, o.hidden), o.state)
		f32.LSTM(g, cells[now:next], cells[next:next+size], tanh[now:next], states[next:next+size], n, o.hidden)
	}
	return states[size:]
}

func (o *lstmOp) backward(c *call, dy []float32, n int) []float32 {
	size, cols := n*o.hidden, n*o.cols()
	gates, tanh := o.gates[:o.points*cols], o.tanh[:o.points*size]
	dh, dc := o.dh.zeroed(size), o.dc.zeroed(size)
	for t := o.points - 1; t >= 0; t-- {
		f32.Add(dh, dy[t*size:(t+1)*size])
		g := gates[t*cols : (t+1)*cols]
		f32.LSTMBack(g, o.cells[t*size:(t+1)*size], tanh[t*size:(t+1)*size], dc, dh, n, o.hidden)
		if t > 0 {
			f32.Mul(f32.Of(dh, n, o.hidden), f32.Of(g, n, o.cols()), o.again)
		}
	}
	o.spread(c, o.x, o.states[:(o.points+1)*size], gates, gates, n)
	return nil
}
