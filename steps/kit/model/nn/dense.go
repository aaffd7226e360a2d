package nn

import (
	"math"

	"assay/steps/kit/kernel/f32"
)

// A dense layer is y = x·W + b on every row, be that a window or a point. Its
// outputs are padded to a multiple of 16 columns.
type dense struct {
	in, out      int
	w, b         *weight
	first        bool // no layer below needs the gradient of x
	there, again f32.Panels
}

func (b *builder) dense(name string, in, out int) *dense {
	d := &dense{in: in, out: padded(out), first: len(b.weights) == 0}
	d.w, d.b = b.linear(name+".weight", name+".bias", in, out)
	return d
}

// projection is the dense layer in front of an attention, by the names and the
// beginning that PyTorch gives it: Glorot and Bengio 2010, without bias.
func (b *builder) projection(name string, in, out int) *dense {
	limit := math.Sqrt(6 / float64(in+out))
	return &dense{in: in, out: padded(out),
		w: b.add(&weight{name: name + "_weight", shape: []int{out, in}, rows: in, cols: out, flip: true, decay: true}, limit),
		b: b.constant(name+"_bias", out, 0),
	}
}

func (d *dense) parts() []*weight { return []*weight{d.w, d.b} }

func (d *dense) pack(back bool) {
	w := f32.Of(d.w.data, d.in, d.out)
	d.there.Pack(w)
	if back && !d.first {
		d.again.PackT(w)
	}
}

func (d *dense) op(int) op { return &denseOp{dense: d} }

type denseOp struct {
	*dense
	x     []float32
	y, dx buffer
}

func (o *denseOp) forward(_ *call, x []float32, _ int) []float32 {
	o.x = x
	rows := len(x) / o.in
	y := o.y.get(rows * o.out)
	f32.MulBias(f32.Of(y, rows, o.out), f32.Of(x, rows, o.in), o.there, o.b.data)
	return y
}

func (o *denseOp) backward(c *call, dy []float32, _ int) []float32 {
	rows := len(dy) / o.out
	dys := f32.Of(dy, rows, o.out)
	f32.MulTAdd(f32.Of(c.grad(o.w), o.in, o.out), f32.Of(o.x, rows, o.in), f32.InPlace(dys))
	f32.ColSums(c.grad(o.b), dy)
	if o.first {
		return nil
	}
	dx := o.dx.get(rows * o.in)
	f32.Mul(f32.Of(dx, rows, o.in), dys, o.again)
	return dx
}

// A buffer is memory that is used again. Its numbers are those of the last use.
type buffer []float32

// get returns n numbers.
func (b *buffer) get(n int) []float32 {
	if cap(*b) < n {
		*b = make([]float32, n)
	}
	return (*b)[:n]
}

// zeroed returns n zeros.
func (b *buffer) zeroed(n int) []float32 {
	x := b.get(n)
	clear(x)
	return x
}
