package onnx

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"assay/steps/kit/model"
	"assay/steps/kit/model/nn"
	"assay/steps/kit/model/safetensors"
)

// a shape is that of a network for the tests.
type shape struct {
	family                   string
	points, channels, hidden int
	masked                   bool // a third of the channels have masks
}

// shapes are one or two of each family: small and odd ones, and those of the size that is
// the default.
func shapes() map[string]shape {
	return map[string]shape{
		"mlp":               {nn.MLP, 1, 230, 256, true},
		"mlp-small":         {nn.MLP, 1, 7, 32, false},
		"cnn":               {nn.CNN, 100, 46, 64, true},
		"cnn-short":         {nn.CNN, 3, 5, 16, false},
		"gru":               {nn.GRU, 100, 46, 64, true},
		"gru-odd":           {nn.GRU, 13, 7, 48, false},
		"gru-one":           {nn.GRU, 2, 1, 16, false},
		"lstm":              {nn.LSTM, 100, 46, 64, true},
		"lstm-odd":          {nn.LSTM, 13, 7, 48, false},
		"transformer":       {nn.Transformer, 100, 46, 64, true},
		"transformer-small": {nn.Transformer, 9, 3, 16, false},
	}
}

// made returns a model of a shape that went through its files, and the folder with them.
// Its scaler and weights are random, and no weight keeps the value that a network starts
// with, such as a variance of 1.
func made(t *testing.T, s shape) (*nn.Model, *os.Root) {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(s.hidden), uint64(s.channels)))
	scaler, schema := &nn.Scaler{}, model.Schema{Classes: []string{"u", "v", "w", "x", "y", "z"}, Meaning: "m"}
	for c := range s.channels {
		schema.Features = append(schema.Features, fmt.Sprintf("c%d", c))
		scaler.Mean = append(scaler.Mean, float32(2*rng.NormFloat64()))
		scaler.Inverse = append(scaler.Inverse, float32(math.Exp(rng.NormFloat64())))
		if s.masked && c%3 == 1 {
			scaler.Masks = append(scaler.Masks, c)
		}
	}
	if s.channels > 1 {
		scaler.Inverse[0] = 0 // a channel that was constant in training
	}
	hz := 10.0
	if s.family == nn.MLP {
		hz = 0
	}
	n := nn.Network{Family: s.family, Inputs: scaler.Inputs(), Points: s.points, Hidden: s.hidden, Classes: 6}
	m := nn.NewModel(schema, hz, &nn.Fit{Net: nn.New(n, 1), Scaler: scaler, Best: 2})
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	if err := m.SaveTo(root); err != nil {
		t.Fatal(err)
	}
	weights := m.Weights()
	for _, w := range weights {
		shake(w, rng)
	}
	var b bytes.Buffer
	if err := safetensors.Write(&b, weights); err != nil {
		t.Fatal(err)
	}
	if err := root.WriteFile(nn.WeightsFile, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	m, err = nn.Open(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	return m, root
}

// shake makes a weight random. The factors and variances of norms are about 1.
func shake(w safetensors.Tensor, rng *rand.Rand) {
	low, high := 0.5, 1.5
	if !strings.Contains(w.Name, "norm") || strings.HasSuffix(w.Name, "bias") || strings.HasSuffix(w.Name, "mean") {
		high = 2 / math.Sqrt(float64(len(w.Data)/w.Shape[0]))
		low = -high
	}
	for i := range w.Data {
		w.Data[i] = float32(low + float64((high-low)*rng.Float64()))
	}
}

// build encodes a network by itself.
func build(n network) ([]byte, error) {
	g := newGraph(n.Family)
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
	for name, s := range shapes() {
		m, _ := made(t, s)
		b, err := Encode(m)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := networkOf(m)
		f := open(t, b)
		for op, want := range ops[n.Family] {
			if f.ops[op] != want {
				t.Errorf("%s: %d nodes %s, want %d", name, f.ops[op], op, want)
			}
		}
		if want := map[string]uint64{"": 17}; !reflect.DeepEqual(f.imports, want) {
			t.Errorf("%s: operators %v", name, f.imports)
		}
		input := []string{"N", strconv.Itoa(s.points), strconv.Itoa(s.channels)}
		want := map[string]string{"family": s.family, "schema": m.Hash(), "classes": "u,v,w,x,y,z",
			"features": strings.Join(m.Features, ","), "rounds": "3", "points": strconv.Itoa(s.points), "hz": "10"}
		if s.family == nn.MLP {
			input = slices.Delete(input, 1, 2)
			delete(want, "points")
			delete(want, "hz")
		}
		if !maps.Equal(f.notes, want) {
			t.Errorf("%s: the notes are %v", name, f.notes)
		}
		if !slices.Equal(f.input, input) || !slices.Equal(f.output, []string{"N", "6"}) {
			t.Errorf("%s: from %q to %q", name, f.input, f.output)
		}
		checkWeights(t, name, n, f)
		again, err := Encode(m)
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
			total += len(w.Data)
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
	if gates := map[string]int{nn.GRU: 3, nn.LSTM: 4}[n.Family]; gates > 0 {
		h := n.Hidden
		for k, shape := range map[string][]int{"rnn.weight_ih_l0": {1, gates * h, n.Inputs},
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
		m, _ := made(t, shape{family, 2, 3, 16, false})
		n := networkOf(m)
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
		`family "rnn" has no ONNX form`:                      func(n *network) { n.Family = "rnn" },
		`tensor "head.bias" is missing`:                      func(n *network) { delete(n.weights, "head.bias") },
		`tensor "rnn.bias_hh_l0" is missing`:                 func(n *network) { delete(n.weights, "rnn.bias_hh_l0") },
		`"head.bias" has the shape [6], want [7]`:            func(n *network) { n.Classes = 7 },
		`"rnn.weight_hh_l0" has the shape [48 16], want [96`: func(n *network) { n.Hidden = 32 },
		`"tail" is not one of the family gru`:                func(n *network) { n.weights["tail"] = safetensors.Tensor{} },
	} {
		m, _ := made(t, shape{nn.GRU, 7, 5, 16, false})
		n := networkOf(m)
		spoil(&n)
		if b, err := build(n); err == nil || !strings.Contains(err.Error(), want) || b != nil {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
