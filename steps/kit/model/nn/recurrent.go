package nn

import (
	"math"

	"assay/steps/kit/kernel/f32"
)

// A recurrent is what a gru and an lstm share: the weights of inputs and states,
// for each of their gates. Pieces lie as points × windows, so that the windows of a
// point are the rows of a product. The states begin with zeros.
type recurrent struct {
	points, in, hidden, gates int

	wx, wh, bx   *weight
	there, state f32.Panels // for inputs and for states
	again        f32.Panels // for the gradient of states
}

// Rows of products that go together. They change nothing but the time taken.
const (
	rowsThere = 96  // of inputs, which wait in a cache for their states
	rowsAgain = 256 // of gradients, for those of the weights
)

func (b *builder) recurrent(name string, points, in, hidden, gates int) recurrent {
	limit := 1 / math.Sqrt(float64(hidden))
	cols := gates * hidden
	matrix := func(which string, rows int) *weight {
		return b.add(&weight{name: name + ".weight_" + which, shape: []int{cols, rows}, rows: rows, cols: cols,
			flip: true, decay: true}, limit)
	}
	r := recurrent{points: points, in: in, hidden: hidden, gates: gates}
	r.wx, r.wh = matrix("ih_l0", in), matrix("hh_l0", hidden)
	r.bx = b.add(&weight{name: name + ".bias_ih_l0", shape: []int{cols}, rows: 1, cols: cols}, limit)
	return r
}

// cols returns the width of all gates.
func (r *recurrent) cols() int { return r.gates * r.hidden }

func (r *recurrent) pack(back bool) {
	r.there.Pack(f32.Of(r.wx.data, r.in, r.cols()))
	wh := f32.Of(r.wh.data, r.hidden, r.cols())
	r.state.Pack(wh)
	if back {
		r.again.PackT(wh)
	}
}

// inputs sets what the inputs give to the gates, for as many points from t on as go
// together, and returns the point after them.
func (r *recurrent) inputs(gates, x []float32, t, n int) int {
	to := min(r.points, t+max(1, rowsThere/n))
	rows := (to - t) * n
	f32.MulBias(f32.Of(gates[t*n*r.cols():][:rows*r.cols()], rows, r.cols()),
		f32.Of(x[t*n*r.in:][:rows*r.in], rows, r.in), r.there, r.bx.data)
	return to
}

// spread adds the gradients of the weights, those of the inputs for dx, those of the
// states for dh: the gradients of the gates by either way. states begins with the
// state before the first point.
func (r *recurrent) spread(c *call, x, states, dx, dh []float32, n int) {
	step := max(1, rowsAgain/n)
	for end := r.points; end > 0; end -= step {
		t := max(0, end-step)
		rows := (end - t) * n
		part := func(s []float32, cols int) f32.Matrix { return f32.Of(s[t*n*cols:][:rows*cols], rows, cols) }
		ofX, ofH := part(dx, r.cols()), part(dh, r.cols())
		f32.MulTAdd(f32.Of(c.grad(r.wx), r.in, r.cols()), part(x, r.in), f32.InPlace(ofX))
		f32.MulTAdd(f32.Of(c.grad(r.wh), r.hidden, r.cols()), part(states, r.hidden), f32.InPlace(ofH))
		f32.ColSums(c.grad(r.bx), ofX.Data)
	}
}
