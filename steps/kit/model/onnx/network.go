package onnx

import (
	"fmt"
	"maps"
	"slices"

	"assay/steps/kit/model/safetensors"
)

// A network is what the graph of a neural network needs: its sizes, its weights as a
// checkpoint has them, with PyTorch's names and shapes, and its scaler.
type network struct {
	family                          string
	inputs, points, hidden, classes int
	weights                         map[string]safetensors.Tensor
	mean, inverse                   []float64 // C, of the logarithms; see scaler.go
	masks                           []int     // columns of C that have one of their own
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
		"mlp": (*netGraph).mlp, "cnn": (*netGraph).cnn, "gru": (*netGraph).gru, "lstm": (*netGraph).lstm,
		"transformer": (*netGraph).transformer,
	}
}

// encodeNetwork makes the graph of a network, which reads x [N, Points, C], or [N, C] for
// the mlp.
func encodeNetwork(g *graph, n network) {
	if err := n.check(); err != nil {
		g.fail("%w", err)
		return
	}
	b := &netGraph{graph: g, network: n, used: map[string]bool{}}
	shape := []int{n.points, len(n.mean)}
	if n.family == "mlp" {
		shape = shape[1:]
	}
	logits := families()[n.family](b, b.scale(g.reads(shape...)))
	g.answers(logits, n.classes)
	for _, name := range slices.Sorted(maps.Keys(n.weights)) {
		if !b.used[name] {
			g.fail("tensor %.60q is not one of the family %s", name, n.family)
		}
	}
}

// check refuses sizes that do not fit each other.
func (n network) check() error {
	if _, known := families()[n.family]; !known {
		return fmt.Errorf("a model of the family %q has no ONNX form", n.family)
	}
	if n.inputs < 1 || n.points < 1 || n.hidden < 16 || n.classes < 2 {
		return fmt.Errorf("a network of %d inputs, %d points, %d hidden and %d classes cannot be", n.inputs, n.points,
			n.hidden, n.classes)
	}
	if n.hidden%16 != 0 || n.family == "mlp" && n.points != 1 {
		return fmt.Errorf("a network %s of %d points and %d hidden cannot be", n.family, n.points, n.hidden)
	}
	if len(n.inverse) != len(n.mean) || len(n.mean)+len(n.masks) != n.inputs {
		return fmt.Errorf("the scaler has %d means, %d factors and %d masks for %d inputs", len(n.mean), len(n.inverse),
			len(n.masks), n.inputs)
	}
	for _, c := range n.masks {
		if c < 0 || c >= len(n.mean) {
			return fmt.Errorf("the scaler has a mask of column %d of %d", c, len(n.mean))
		}
	}
	return nil
}

// take returns the data of a weight of a shape; none, and a mistake, if there is no such.
func (b *netGraph) take(name string, shape ...int) []float32 {
	t, ok := b.weights[name]
	b.used[name] = true
	if !ok {
		b.fail("tensor %q is missing", name)
		return nil
	}
	if !slices.Equal(t.Shape, shape) || len(t.Data) != product(shape) {
		b.fail("tensor %q has the shape %v and %d values, want %v", name, t.Shape, len(t.Data), shape)
		return nil
	}
	return t.Data
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// weight adds a weight as it is and returns its name.
func (b *netGraph) weight(name string, shape ...int) string {
	return b.floats(name, shape, b.take(name, shape...))
}

// linear returns x·Wᵀ + bias over the last dimension of x. The file holds W as it is,
// outputs × inputs; whoever runs the graph transposes it once.
func (b *netGraph) linear(x, weight, bias string, in, out int) string {
	w := b.node("Transpose", []string{b.weight(weight, out, in)}, intsAttr("perm", 1, 0))
	return b.node("Add", []string{b.node("MatMul", []string{x, w}), b.weight(bias, out)})
}

// dense is linear for weights named as a layer's.
func (b *netGraph) dense(x, layer string, in, out int) string {
	return b.linear(x, layer+".weight", layer+".bias", in, out)
}

func (b *netGraph) relu(x string) string { return b.node("Relu", []string{x}) }

// mlp is two hidden layers, the second half as wide.
func (b *netGraph) mlp(x string) string {
	h := b.relu(b.dense(x, "dense.0", b.inputs, b.hidden))
	h = b.relu(b.dense(h, "dense.1", b.hidden, b.hidden/2))
	return b.dense(h, "head", b.hidden/2, b.classes)
}
