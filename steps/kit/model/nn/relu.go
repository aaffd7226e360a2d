package nn

import "assay/steps/kit/kernel/f32"

// relu is max(x, 0), in place both ways.
type relu struct{ weightless }

func (relu) op(int) op { return &reluOp{} }

type reluOp struct{ y []float32 }

func (o *reluOp) forward(_ *call, x []float32, _ int) []float32 {
	f32.ReLU(x, x)
	o.y = x
	return x
}

func (o *reluOp) backward(_ *call, dy []float32, _ int) []float32 {
	f32.ReLUBack(dy, dy, o.y)
	return dy
}
