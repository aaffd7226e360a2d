package nn

import "assay/steps/kit/kernel/f32"

// headCols is the width of a head: the kernels' columns, so that the parts of a
// head are multiplied where they lie.
const headCols = width

// attentionScale is 1/√headCols.
const attentionScale = 0.25

// An attention is multi-head self-attention (Vaswani et al. 2017) between its two
// dense layers: each point's inputs are its query, key and value, dim columns each,
// and its outputs are dim columns.
type attention struct {
	weightless
	points, dim int
}

func (a *attention) op(n int) op {
	return &attentionOp{attention: a, p: make([]float32, n*a.dim/headCols*a.points*a.points)}
}

type attentionOp struct {
	*attention
	x           []float32
	p           []float32 // of each window and head, how much each point looks at each
	turned      f32.Panels
	y, dx, dees buffer
}

// A head is one head of one window: views of its queries, keys and values.
type head struct{ q, k, v f32.Matrix }

// headOf returns head h of window i in x, which holds queries, keys and values.
func (a *attention) headOf(x []float32, i, h int) head {
	all := f32.Of(x[i*a.points*3*a.dim:(i+1)*a.points*3*a.dim], a.points, 3*a.dim)
	part := func(which int) f32.Matrix {
		from := which*a.dim + h*headCols
		return all.Columns(from, from+headCols)
	}
	return head{part(0), part(1), part(2)}
}

// of returns head h of window i in y, which holds dim columns.
func (a *attention) of(y []float32, i, h int) f32.Matrix {
	all := f32.Of(y[i*a.points*a.dim:(i+1)*a.points*a.dim], a.points, a.dim)
	return all.Columns(h*headCols, (h+1)*headCols)
}

// looks returns what head h of window i keeps of its forward pass.
func (o *attentionOp) looks(i, h int) f32.Matrix {
	size := o.points * o.points
	at := (i*o.dim/headCols + h) * size
	return f32.Of(o.p[at:at+size], o.points, o.points)
}

func (o *attentionOp) forward(_ *call, x []float32, n int) []float32 {
	o.x = x
	y := o.y.get(n * o.points * o.dim)
	for i := range n {
		for h := range o.dim / headCols {
			in, p := o.headOf(x, i, h), o.looks(i, h)
			o.turned.PackT(in.k)
			f32.Mul(p, in.q, o.turned)
			f32.SoftmaxRows(p, attentionScale)
			f32.Mul(o.of(y, i, h), p, f32.InPlace(in.v))
		}
	}
	return y
}

func (o *attentionOp) backward(_ *call, dy []float32, n int) []float32 {
	dx := o.dx.get(n * o.points * 3 * o.dim)
	dp := f32.Of(o.dees.get(o.points*o.points), o.points, o.points)
	for i := range n {
		for h := range o.dim / headCols {
			in, d, p := o.headOf(o.x, i, h), o.headOf(dx, i, h), o.looks(i, h)
			out := o.of(dy, i, h)
			f32.MulT(d.v, p, f32.InPlace(out))
			o.turned.PackT(in.v)
			f32.Mul(dp, out, o.turned)
			f32.SoftmaxRowsBack(dp, p, attentionScale)
			f32.Mul(d.q, dp, f32.InPlace(in.k))
			f32.MulT(d.k, dp, f32.InPlace(in.q))
		}
	}
	return dx
}
