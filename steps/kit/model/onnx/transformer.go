package onnx

import (
	"fmt"
	"math"
)

const (
	headWidth         = 16 // columns of a head of attention
	transformerLayers = 2
)

// transformer is layers of an encoder that are normalized before each part; the head sees
// the mean over time.
func (b *netGraph) transformer(x string) string {
	d := b.Hidden
	h := b.node("Add", []string{b.dense(x, "embed", b.Inputs, d), b.weight("position", b.Points, d)})
	for i := range transformerLayers {
		layer := fmt.Sprintf("layers.%d.", i)
		h = b.node("Add", []string{h, b.attention(b.layerNorm(h, layer+"norm1"), layer+"self_attn.")})
		wide := b.relu(b.dense(b.layerNorm(h, layer+"norm2"), layer+"linear1", d, 2*d))
		h = b.node("Add", []string{h, b.dense(wide, layer+"linear2", 2*d, d)})
	}
	mean := b.node("ReduceMean", []string{b.layerNorm(h, "norm")}, intsAttr("axes", 1), intAttr("keepdims", 0))
	return b.dense(mean, "head", d, b.Classes)
}

// layerNorm normalizes each point of each window.
func (b *netGraph) layerNorm(x, layer string) string {
	inputs := []string{x, b.weight(layer+".weight", b.Hidden), b.weight(layer+".bias", b.Hidden)}
	return b.node("LayerNormalization", inputs, intAttr("axis", -1), floatAttr("epsilon", smallest))
}

// attention is softmax(q·kᵀ/√width)·v for each head (Vaswani et al. 2017), from every
// point of a window to every point of it.
func (b *netGraph) attention(x, layer string) string {
	d := b.Hidden
	all := b.linear(x, layer+"in_proj_weight", layer+"in_proj_bias", d, 3*d)
	parts := []string{layer + "q", layer + "k", layer + "v"}
	b.add("Split", []string{all, b.integers("thirds", d, d, d)}, parts, intAttr("axis", -1))
	q := b.heads(parts[0], 0, 2, 1, 3)
	k := b.heads(parts[1], 0, 2, 3, 1) // transposed
	v := b.heads(parts[2], 0, 2, 1, 3)

	factor := b.floats("attention.factor", nil, []float32{float32(1 / math.Sqrt(headWidth))})
	scores := b.node("Mul", []string{b.node("MatMul", []string{q, k}), factor})
	share := b.node("Softmax", []string{scores}, intAttr("axis", -1))
	sum := b.transpose(b.node("MatMul", []string{share, v}), 0, 2, 1, 3)
	joined := b.node("Reshape", []string{sum, b.integers("attention.whole", 0, b.Points, d)})
	return b.dense(joined, layer+"out_proj", d, d)
}

// heads cuts columns into heads, N × points × heads × width, and orders the dimensions.
// A size of 0 is that of x, here N.
func (b *netGraph) heads(x string, perm ...int64) string {
	shape := b.integers("attention.heads", 0, b.Points, b.Hidden/headWidth, headWidth)
	return b.transpose(b.node("Reshape", []string{x, shape}), perm...)
}
