package onnx

import (
	"maps"
	"slices"

	"assay/steps/kit/model/nn"
	"assay/steps/kit/model/safetensors"
)

// A network is what the graph of a neural network is made of.
type network struct {
	nn.Network
	scaler  *nn.Scaler
	weights map[string]safetensors.Tensor // by name, with PyTorch's names and shapes
}

func networkOf(m *nn.Model) network {
	n := network{m.Network(), m.Scaler(), map[string]safetensors.Tensor{}}
	for _, t := range m.Weights() {
		n.weights[t.Name] = t
	}
	return n
}

// A netGraph is the graph of a network.
type netGraph struct {
	*graph
	network
	used map[string]bool // weights
}

// families returns how the graph of each family is made: from inputs N × points × inputs
// (the mlp: N × inputs) to the name of the logits N × classes.
func families() map[string]func(*netGraph, string) string {
	return map[string]func(*netGraph, string) string{
		nn.MLP: (*netGraph).mlp, nn.CNN: (*netGraph).cnn, nn.GRU: (*netGraph).gru, nn.LSTM: (*netGraph).lstm,
		nn.Transformer: (*netGraph).transformer,
	}
}

// encodeNetwork makes the graph of a network, which reads x [N, Points, C], or [N, C] for
// the mlp.
func encodeNetwork(g *graph, n network) {
	family, ok := families()[n.Family]
	if !ok {
		g.fail("a network of the family %q has no ONNX form", n.Family)
		return
	}
	shape := []int{n.Points, len(n.scaler.Mean)}
	if n.Family == nn.MLP {
		shape = shape[1:]
	}
	b := &netGraph{graph: g, network: n, used: map[string]bool{}}
	g.answers(family(b, b.scale(g.reads(shape...))), n.Classes)
	for _, name := range slices.Sorted(maps.Keys(n.weights)) {
		if !b.used[name] {
			g.fail("tensor %.60q is not one of the family %s", name, n.Family)
		}
	}
}

// take returns the data of a weight of a shape; none, and a mistake, if there is no such.
func (b *netGraph) take(name string, shape ...int) []float32 {
	t, ok := b.weights[name]
	b.used[name] = true
	switch {
	case !ok:
		b.fail("tensor %q is missing", name)
	case !slices.Equal(t.Shape, shape):
		b.fail("tensor %q has the shape %v, want %v", name, t.Shape, shape)
	default:
		return t.Data
	}
	return nil
}

// weight adds a weight as it is and returns its name.
func (b *netGraph) weight(name string, shape ...int) string {
	return b.floats(name, shape, b.take(name, shape...))
}

// linear returns x·Wᵀ + bias over the last dimension of x. The file holds W as it is,
// outputs × inputs; whoever runs the graph transposes it once.
func (b *netGraph) linear(x, weight, bias string, in, out int) string {
	w := b.transpose(b.weight(weight, out, in), 1, 0)
	return b.node("Add", []string{b.node("MatMul", []string{x, w}), b.weight(bias, out)})
}

// dense is linear for weights named as a layer's.
func (b *netGraph) dense(x, layer string, in, out int) string {
	return b.linear(x, layer+".weight", layer+".bias", in, out)
}

func (b *netGraph) relu(x string) string { return b.node("Relu", []string{x}) }

func (b *netGraph) transpose(x string, perm ...int64) string {
	return b.node("Transpose", []string{x}, intsAttr("perm", perm...))
}

// mlp is two hidden layers, the second half as wide.
func (b *netGraph) mlp(x string) string {
	h := b.relu(b.dense(x, "dense.0", b.Inputs, b.Hidden))
	h = b.relu(b.dense(h, "dense.1", b.Hidden, b.Hidden/2))
	return b.dense(h, "head", b.Hidden/2, b.Classes)
}
