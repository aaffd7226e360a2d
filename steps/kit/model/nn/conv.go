package nn

import (
	"math"

	"assay/steps/kit/kernel/f32"
)

// taps is the number of points that a convolution looks at.
const taps = 5

// A conv is a convolution along the points of a window with as many outputs as
// inputs, zeros beyond the ends, no bias: batch normalization follows and has one.
//
//	y[t] = Σ over k of x[t + (k-2)·dilation] · W[k]
type conv struct {
	points, in, out int
	dilation        int
	back            bool // a layer below needs the gradient of x
	w               *weight
	there, again    f32.Panels // taps × in rows; taps × out rows, the last tap first
	turned          []float32
}

func (b *builder) conv(name string, points, in, out, dilation int, back bool) *conv {
	limit := 1 / math.Sqrt(float64(in*taps))
	return &conv{points: points, in: in, out: out, dilation: dilation, back: back,
		w: b.add(&weight{name: name + ".weight", shape: []int{out, in, taps}, rows: taps * in, cols: out,
			flip: true, taps: taps, decay: true}, limit)}
}

func (v *conv) parts() []*weight { return []*weight{v.w} }

func (v *conv) pack(back bool) {
	v.there.Pack(f32.Of(v.w.data, taps*v.in, v.out))
	if back && v.back {
		v.turn()
		v.again.Pack(f32.Of(v.turned, taps*v.out, v.in))
	}
}

// turn makes the weights of the backward pass, which is a convolution too: those of
// each tap transposed, the last tap first.
func (v *conv) turn() {
	if v.turned == nil {
		v.turned = make([]float32, taps*v.out*v.in)
	}
	for k := range taps {
		to := v.turned[k*v.out*v.in:]
		for c := range v.in {
			row := v.w.data[((taps-1-k)*v.in+c)*v.out:][:v.out]
			for o, x := range row {
				to[o*v.in+c] = x
			}
		}
	}
}

func (v *conv) op(n int) op {
	o := &convOp{conv: v, x: make([]float32, n*v.rows()*v.in)}
	if v.back {
		o.dy = make([]float32, v.rows()*v.out)
	}
	return o
}

// rows returns the points of a window with the zeros beyond its ends.
func (v *conv) rows() int { return v.points + (taps-1)*v.dilation }

// ahead returns the zeros before a window.
func (v *conv) ahead() int { return (taps - 1) / 2 * v.dilation }

type convOp struct {
	*conv
	x     []float32 // padded
	dy    []float32 // of one window, padded
	y, dx buffer
}

func (o *convOp) forward(_ *call, x []float32, n int) []float32 {
	y := o.y.get(n * o.points * o.out)
	for i := range n {
		in := o.padded(i)
		copy(in[o.ahead()*o.in:], x[i*o.points*o.in:(i+1)*o.points*o.in])
		o.product(y[i*o.points*o.out:], o.out, in, o.in, o.there)
	}
	return y
}

// padded returns the place of a window's inputs, with zeros around them.
func (o *convOp) padded(i int) []float32 {
	size := o.rows() * o.in
	return o.x[i*size : (i+1)*size]
}

// product convolves the padded rows of a window. The sums run over the taps and
// their columns in one order, whether that is one product or five.
func (o *convOp) product(to []float32, width int, rows []float32, in int, w f32.Panels) {
	y := f32.Of(to[:o.points*width], o.points, width)
	if o.dilation == 1 {
		f32.Mul(y, f32.Matrix{Rows: o.points, Cols: taps * in, Stride: in, Data: rows}, w)
		return
	}
	for k := range taps {
		x := f32.Of(rows[k*o.dilation*in:][:o.points*in], o.points, in)
		if tap := w.RowRange(k*in, (k+1)*in); k == 0 {
			f32.Mul(y, x, tap)
		} else {
			f32.MulAdd(y, x, tap)
		}
	}
}

func (o *convOp) backward(c *call, dy []float32, n int) []float32 {
	var dx []float32
	if o.back {
		dx = o.dx.get(n * o.points * o.in)
	}
	size := o.points * o.out
	for i := range n {
		d := dy[i*size : (i+1)*size]
		o.gradient(c.grad(o.w), o.padded(i), d)
		if o.back {
			copy(o.dy[o.ahead()*o.out:], d)
			o.product(dx[i*o.points*o.in:], o.in, o.dy, o.out, o.again)
		}
	}
	return dx
}

// gradient adds the gradient of the weights for one window.
func (o *convOp) gradient(dw, x, dy []float32) {
	d := f32.InPlace(f32.Of(dy, o.points, o.out))
	if o.dilation == 1 {
		all := f32.Matrix{Rows: o.points, Cols: taps * o.in, Stride: o.in, Data: x}
		f32.MulTAdd(f32.Of(dw, taps*o.in, o.out), all, d)
		return
	}
	for k := range taps {
		part := f32.Of(dw[k*o.in*o.out:][:o.in*o.out], o.in, o.out)
		f32.MulTAdd(part, f32.Of(x[k*o.dilation*o.in:][:o.points*o.in], o.points, o.in), d)
	}
}
