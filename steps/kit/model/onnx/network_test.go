package onnx

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"assay/steps/kit/model"
	"assay/steps/kit/model/safetensors"
)

// shapesOf returns the weights of a family as the format of checkpoints has them. It is
// written apart from the code that it checks.
func shapesOf(n network) map[string][]int {
	h, in, k := n.hidden, n.inputs, n.classes
	switch n.family {
	case "mlp":
		return map[string][]int{"dense.0.weight": {h, in}, "dense.0.bias": {h}, "dense.1.weight": {h / 2, h},
			"dense.1.bias": {h / 2}, "head.weight": {k, h / 2}, "head.bias": {k}}
	case "cnn":
		s := map[string][]int{"conv.0.weight": {h, in, 5}, "conv.1.weight": {h, h, 5}, "conv.2.weight": {h, h, 5},
			"head.weight": {k, 2 * h}, "head.bias": {k}}
		for i := range 3 {
			for _, part := range []string{"weight", "bias", "running_mean", "running_var"} {
				s[fmt.Sprintf("norm.%d.%s", i, part)] = []int{h}
			}
		}
		return s
	case "gru":
		return map[string][]int{"rnn.weight_ih_l0": {3 * h, in}, "rnn.weight_hh_l0": {3 * h, h},
			"rnn.bias_ih_l0": {3 * h}, "rnn.bias_hh_l0": {3 * h}, "head.weight": {k, 2 * h}, "head.bias": {k}}
	case "lstm":
		return map[string][]int{"rnn.weight_ih_l0": {4 * h, in}, "rnn.weight_hh_l0": {4 * h, h},
			"rnn.bias_ih_l0": {4 * h}, "head.weight": {k, 2 * h}, "head.bias": {k}}
	}
	s := map[string][]int{"embed.weight": {h, in}, "embed.bias": {h}, "position": {n.points, h},
		"norm.weight": {h}, "norm.bias": {h}, "head.weight": {k, h}, "head.bias": {k}}
	for i := range 2 {
		for name, shape := range map[string][]int{"norm1.weight": {h}, "norm1.bias": {h}, "norm2.weight": {h},
			"norm2.bias": {h}, "self_attn.in_proj_weight": {3 * h, h}, "self_attn.in_proj_bias": {3 * h},
			"self_attn.out_proj.weight": {h, h}, "self_attn.out_proj.bias": {h}, "linear1.weight": {2 * h, h},
			"linear1.bias": {2 * h}, "linear2.weight": {h, 2 * h}, "linear2.bias": {h}} {
			s[fmt.Sprintf("layers.%d.%s", i, name)] = shape
		}
	}
	return s
}

// random makes a network of C channels with random weights and scaler; a third of the
// channels have masks, if any.
func random(family string, points, channels, hidden int, masked bool, seed uint64) network {
	rng := rand.New(rand.NewPCG(seed, 1))
	n := network{family: family, points: points, hidden: hidden, classes: 6, weights: map[string]safetensors.Tensor{}}
	for c := range channels {
		n.mean = append(n.mean, 2*rng.NormFloat64())
		n.inverse = append(n.inverse, math.Exp(rng.NormFloat64()))
		if masked && c%3 == 1 {
			n.masks = append(n.masks, c)
		}
	}
	n.inverse[0] = 0 // a channel that was constant in training
	n.inputs = channels + len(n.masks)
	shapes := shapesOf(n)
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		t := safetensors.Tensor{Name: name, Shape: shapes[name], Data: make([]float32, product(shapes[name]))}
		limit := 2 / math.Sqrt(float64(product(t.Shape[1:])))
		for i := range t.Data {
			t.Data[i] = float32((2*rng.Float64() - 1) * limit)
		}
		if strings.Contains(name, "norm") && !strings.HasSuffix(name, "bias") && !strings.HasSuffix(name, "mean") {
			for i := range t.Data {
				t.Data[i] = 0.5 + float32(rng.Float64()) // a variance is positive
			}
		}
		n.weights[name] = t
	}
	return n
}

// networks returns one or two of each family, small and odd ones and those of the size
// that is the default.
func networks() map[string]network {
	return map[string]network{
		"mlp":               random("mlp", 1, 230, 256, true, 1),
		"mlp-small":         random("mlp", 1, 7, 32, false, 2),
		"cnn":               random("cnn", 100, 46, 64, true, 3),
		"cnn-short":         random("cnn", 3, 5, 16, false, 4),
		"gru":               random("gru", 100, 46, 64, true, 5),
		"gru-odd":           random("gru", 13, 7, 48, false, 6),
		"lstm":              random("lstm", 100, 46, 64, true, 7),
		"lstm-odd":          random("lstm", 13, 7, 48, false, 8),
		"transformer":       random("transformer", 100, 46, 64, true, 9),
		"transformer-small": random("transformer", 9, 3, 16, false, 10),
	}
}

// build encodes a network by itself.
func build(n network) ([]byte, error) {
	g := newGraph(n.family)
	g.describe(model.About{Family: n.family, Rounds: 3, Schema: model.Schema{Features: []string{"a", "b"},
		Classes: []string{"x", "y"}, Meaning: "m"}})
	encodeNetwork(g, n)
	return g.encode()
}

// TestNetworks reads the files of networks back.
func TestNetworks(t *testing.T) {
	ops := map[string]map[string]int{
		"mlp":         {"MatMul": 3, "Transpose": 3, "Relu": 2},
		"cnn":         {"Conv": 3, "BatchNormalization": 3, "Relu": 3, "ReduceMean": 1, "ReduceMax": 1, "MatMul": 1},
		"gru":         {"GRU": 1, "Squeeze": 1, "ReduceMean": 1, "MatMul": 1},
		"lstm":        {"LSTM": 1, "Squeeze": 1, "ReduceMean": 1, "MatMul": 1},
		"transformer": {"LayerNormalization": 5, "Softmax": 3, "Split": 2, "MatMul": 1 + 2*4 + 2*2 + 1, "Relu": 2},
	}
	for name, n := range networks() {
		b, err := build(n)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f := open(t, b)
		for op, want := range ops[n.family] {
			if f.ops[op] != want {
				t.Errorf("%s: %d nodes %s, want %d", name, f.ops[op], op, want)
			}
		}
		if want := map[string]uint64{"": 17}; !reflect.DeepEqual(f.imports, want) {
			t.Errorf("%s: operators %v", name, f.imports)
		}
		input := []string{"N", strconv.Itoa(n.points), strconv.Itoa(len(n.mean))}
		if n.family == "mlp" {
			input = slices.Delete(input, 1, 2)
		}
		if !slices.Equal(f.input, input) || !slices.Equal(f.output, []string{"N", "6"}) {
			t.Errorf("%s: from %q to %q", name, f.input, f.output)
		}
		checkWeights(t, name, n, f)
		again, err := build(n)
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s: other bytes the second time, %v", name, err)
		}
	}
}

// checkWeights compares the weights of a file with the network's. Those of gates are
// in another order.
func checkWeights(t *testing.T, name string, n network, f file) {
	t.Helper()
	total, want := 0, 0
	for k, shape := range f.shapes {
		if w, ok := n.weights[k]; ok && !strings.HasPrefix(k, "rnn.") {
			if !slices.Equal(w.Shape, shape) || !slices.Equal(w.Data, float32sOf(f.raw[k])) {
				t.Errorf("%s: %s is another", name, k)
			}
			total += product(shape)
		}
	}
	for k, w := range n.weights {
		if !strings.HasPrefix(k, "rnn.") {
			want += len(w.Data)
		}
	}
	if total != want {
		t.Errorf("%s: %d parameters, want %d", name, total, want)
	}
	if gates := map[string]int{"gru": 3, "lstm": 4}[n.family]; gates > 0 {
		h := n.hidden
		for k, shape := range map[string][]int{"rnn.weight_ih_l0": {1, gates * h, n.inputs},
			"rnn.weight_hh_l0": {1, gates * h, h}, "rnn.bias": {1, 2 * gates * h}} {
			if !slices.Equal(f.shapes[k], shape) {
				t.Errorf("%s: %s has the shape %v, want %v", name, k, f.shapes[k], shape)
			}
		}
	}
}

// TestGates checks the order of gates on weights that are their gate's number.
func TestGates(t *testing.T) {
	for family, want := range map[string][]float32{"gru": {1, 0, 2}, "lstm": {0, 3, 1, 2}} {
		n := random(family, 2, 3, 16, false, 1)
		for _, w := range n.weights {
			for i := range w.Data {
				w.Data[i] = float32(i / (len(w.Data) / len(want)))
			}
		}
		b, err := build(n)
		if err != nil {
			t.Fatal(err)
		}
		f := open(t, b)
		for _, k := range []string{"rnn.weight_ih_l0", "rnn.weight_hh_l0"} {
			got := slices.Compact(float32sOf(f.raw[k]))
			if !slices.Equal(got, want) {
				t.Errorf("%s: the gates of %s are %v, want %v", family, k, got, want)
			}
		}
		bias := slices.Compact(float32sOf(f.raw["rnn.bias"]))
		second := map[string][]float32{"gru": want, "lstm": {0}}[family]
		if !slices.Equal(bias, append(slices.Clone(want), second...)) {
			t.Errorf("%s: the gates of the biases are %v", family, bias)
		}
	}
}

// TestNetworkRefusals breaks a network in every way that the encoder looks at.
func TestNetworkRefusals(t *testing.T) {
	for want, spoil := range map[string]func(*network){
		`family "rnn" has no ONNX form`:                     func(n *network) { n.family = "rnn" },
		`tensor "head.bias" is missing`:                     func(n *network) { delete(n.weights, "head.bias") },
		`tensor "rnn.bias_hh_l0" is missing`:                func(n *network) { delete(n.weights, "rnn.bias_hh_l0") },
		`has the shape [6] and 6 values, want [7]`:          func(n *network) { n.classes = 7 },
		`tensor "rnn.weight_hh_l0" has the shape [48 16]`:   func(n *network) { n.hidden = 32 },
		`of 7 points and 17 hidden cannot be`:               func(n *network) { n.hidden = 17 },
		`of 5 inputs, 0 points`:                             func(n *network) { n.points = 0 },
		`5 means, 4 factors and 0 masks for 5 inputs`:       func(n *network) { n.inverse = n.inverse[1:] },
		`5 means, 5 factors and 1 masks for 5 inputs`:       func(n *network) { n.masks = []int{1} },
		`a mask of column 5 of 5`:                           func(n *network) { n.masks, n.inputs = []int{5}, 6 },
		`tensor "tail.weight" is not one of the family gru`: func(n *network) { n.weights["tail.weight"] = safetensors.Tensor{} },
	} {
		n := random("gru", 7, 5, 16, false, 1)
		spoil(&n)
		if b, err := build(n); err == nil || !strings.Contains(err.Error(), want) || b != nil {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
