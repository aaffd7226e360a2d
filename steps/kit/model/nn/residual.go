package nn

import "assay/steps/kit/kernel/f32"

// A residual is y = x + f(x) (He et al. 2016), f being a list of layers whose first
// leaves x as it is.
type residual struct{ inner []layer }

func (r *residual) parts() []*weight {
	var list []*weight
	for _, l := range r.inner {
		list = append(list, l.parts()...)
	}
	return list
}

func (r *residual) pack(back bool) {
	for _, l := range r.inner {
		l.pack(back)
	}
}

func (r *residual) op(n int) op {
	o := &residualOp{}
	for _, l := range r.inner {
		o.inner = append(o.inner, l.op(n))
	}
	return o
}

type residualOp struct {
	inner []op
	dy    buffer
}

func (o *residualOp) forward(c *call, x []float32, n int) []float32 {
	y := x
	for _, f := range o.inner {
		y = f.forward(c, y, n)
	}
	f32.Add(y, x)
	return y
}

func (o *residualOp) backward(c *call, dy []float32, n int) []float32 {
	d := o.dy.get(len(dy))
	copy(d, dy)
	for i := len(o.inner) - 1; i >= 0; i-- {
		d = o.inner[i].backward(c, d, n)
	}
	f32.Add(d, dy)
	return d
}

// A position adds to each point of a window what stands for its place, which is
// learned. It works in place.
type position struct {
	points, cols int
	w            *weight
}

// positionLimit is the range of the first values, small beside what is embedded.
const positionLimit = 0.02

func (b *builder) position(points, cols int) *position {
	w := &weight{name: "position", shape: []int{points, cols}, rows: points, cols: cols}
	return &position{points, cols, b.add(w, positionLimit)}
}

func (p *position) parts() []*weight { return []*weight{p.w} }
func (p *position) pack(bool)        {}
func (p *position) op(int) op        { return &positionOp{p} }

type positionOp struct{ *position }

func (o *positionOp) forward(_ *call, x []float32, n int) []float32 {
	for i := range n {
		f32.Add(x[i*o.points*o.cols:(i+1)*o.points*o.cols], o.w.data)
	}
	return x
}

func (o *positionOp) backward(c *call, dy []float32, n int) []float32 {
	for i := range n {
		f32.Add(c.grad(o.w), dy[i*o.points*o.cols:(i+1)*o.points*o.cols])
	}
	return dy
}
