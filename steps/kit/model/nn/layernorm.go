package nn

import "assay/steps/kit/kernel/f32"

// A layerNorm normalizes each row (Ba, Kiros and Hinton 2016).
type layerNorm struct {
	cols        int
	gamma, beta *weight
}

func (b *builder) layerNorm(name string, cols int) *layerNorm {
	return &layerNorm{cols, b.constant(name+".weight", cols, 1), b.constant(name+".bias", cols, 0)}
}

func (l *layerNorm) parts() []*weight { return []*weight{l.gamma, l.beta} }
func (l *layerNorm) pack(bool)        {}
func (l *layerNorm) op(int) op        { return &layerNormOp{layerNorm: l} }

type layerNormOp struct {
	*layerNorm
	y, xhat, istd, dx buffer
}

func (o *layerNormOp) forward(_ *call, x []float32, _ int) []float32 {
	y, xhat, istd := o.y.get(len(x)), o.xhat.get(len(x)), o.istd.get(len(x)/o.cols)
	f32.LayerNorm(y, xhat, istd, x, o.gamma.data, o.beta.data, normEps)
	return y
}

func (o *layerNormOp) backward(c *call, dy []float32, _ int) []float32 {
	dx := o.dx.zeroed(len(dy))
	f32.LayerNormBack(dx, c.grad(o.gamma), c.grad(o.beta), dy, o.xhat[:len(dy)], o.istd[:len(dy)/o.cols], o.gamma.data)
	return dx
}
