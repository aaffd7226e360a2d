package onnx

import "fmt"

const (
	kernel    = 5    // points that a convolution sees
	smallest  = 1e-5 // what normalizations add to a variance
	cnnLayers = 3
)

// cnn is three convolutions, each with batch normalization; the head sees the mean and
// the largest of each column over time.
func (b *netGraph) cnn(x string) string {
	h := b.transpose(x, 0, 2, 1) // N × columns × points, as convolutions want it
	in := b.Inputs
	for i := range cnnLayers {
		h = b.convolution(h, fmt.Sprintf("conv.%d.weight", i), in, 1<<i)
		h = b.relu(b.batchNorm(h, fmt.Sprintf("norm.%d", i)))
		in = b.Hidden
	}
	mean := b.node("ReduceMean", []string{h}, intsAttr("axes", 2), intAttr("keepdims", 0))
	most := b.node("ReduceMax", []string{h}, intsAttr("axes", 2), intAttr("keepdims", 0))
	return b.dense(b.node("Concat", []string{mean, most}, intAttr("axis", 1)), "head", 2*b.Hidden, b.Classes)
}

// convolution is one over points that are some points apart. Zeros around the window keep
// its length.
func (b *netGraph) convolution(x, weight string, in, apart int) string {
	pad := int64(kernel / 2 * apart)
	return b.node("Conv", []string{x, b.weight(weight, b.Hidden, in, kernel)},
		intsAttr("kernel_shape", kernel), intsAttr("dilations", int64(apart)), intsAttr("pads", pad, pad))
}

// batchNorm normalizes by the mean and variance of training.
func (b *netGraph) batchNorm(x, layer string) string {
	inputs := []string{x}
	for _, part := range []string{".weight", ".bias", ".running_mean", ".running_var"} {
		inputs = append(inputs, b.weight(layer+part, b.Hidden))
	}
	return b.node("BatchNormalization", inputs, floatAttr("epsilon", smallest))
}
