package onnx

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
	"assay/steps/kit/model/safetensors"
)

// TestDump writes files for .ci/onnx.py, which runs them, to the folder ASSAY_ONNX_DIR.
// Of a random network: its file, its weights and a description, to be computed there by
// other code. Of boosted trees: the file, inputs and the probabilities for them.
func TestDump(t *testing.T) {
	dir := os.Getenv("ASSAY_ONNX_DIR")
	if dir == "" {
		t.Skip("ASSAY_ONNX_DIR is not set")
	}
	for name, n := range networks() {
		b, err := build(n)
		if err != nil {
			t.Fatal(err)
		}
		var weights bytes.Buffer
		var list []safetensors.Tensor
		for _, k := range slices.Sorted(maps.Keys(n.weights)) {
			list = append(list, n.weights[k])
		}
		if err := safetensors.Write(&weights, list); err != nil {
			t.Fatal(err)
		}
		about, err := json.Marshal(map[string]any{"family": n.family, "points": n.points, "hidden": n.hidden,
			"classes": n.classes, "mean": n.mean, "inverse": n.inverse, "masks": append([]int{}, n.masks...)})
		if err != nil {
			t.Fatal(err)
		}
		save(t, dir, name+".onnx", b)
		save(t, dir, name+".safetensors", weights.Bytes())
		save(t, dir, name+".json", about)
	}
	for name, m := range map[string]model.Model{"gbt": forest(40, 6), "gbt-root": forest(1, 0)} {
		b, err := Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		x := awkward(500, len(m.About().Features))
		p := make([]float32, 500*len(m.About().Classes))
		m.Predict(p, x)
		save(t, dir, name+".onnx", b)
		save(t, dir, name+".x.f32", rawFloats(x))
		save(t, dir, name+".p.f32", rawFloats(p))
	}
}

func save(t *testing.T, dir, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
		t.Fatal(err)
	}
}

// cuts are the few values that the trees of the tests compare with, so that inputs often
// are exactly on a cut. The last ones lie between all values and none.
func cuts() []float32 {
	return []float32{-3, -1, 0, 0.1, 0.5, 2, math.SmallestNonzeroFloat32, math.MaxFloat32, -math.MaxFloat32}
}

// forest makes boosted trees of a depth over seven features.
func forest(rounds, depth int) *gbt.Model {
	rng := rand.New(rand.NewPCG(5, 6))
	m := &gbt.Model{Schema: model.Schema{Features: []string{"a", "b", "c", "d", "e", "f", "g"},
		Classes: []string{"u", "v", "w", "x", "y", "z"}, Meaning: "m"}}
	for range rounds * len(m.Classes) {
		m.Trees = append(m.Trees, grow(rng, nil, depth))
	}
	return m
}

// grow appends a tree to the nodes before it, which are of the same tree.
func grow(rng *rand.Rand, t gbt.Tree, depth int) gbt.Tree {
	at := len(t)
	t = append(t, gbt.Node{Value: float32(rng.NormFloat64()) / 4})
	if depth == 0 || at > 0 && rng.IntN(6) == 0 {
		return t
	}
	n := gbt.Node{Feature: int32(rng.IntN(7)), Value: cuts()[rng.IntN(len(cuts()))], MissingLeft: rng.IntN(2) == 0}
	n.Left = int32(len(t))
	t = grow(rng, t, depth-1)
	n.Right = int32(len(t))
	t = grow(rng, t, depth-1)
	t[at] = n
	return t
}

// awkward makes rows of values on the cuts and beside them, missing and infinite ones.
func awkward(rows, columns int) []float32 {
	rng := rand.New(rand.NewPCG(7, 8))
	inf := float32(math.Inf(1))
	x := make([]float32, rows*columns)
	for i := range x {
		c := cuts()[rng.IntN(len(cuts()))]
		choices := []float32{c, c, math.Nextafter32(c, inf), math.Nextafter32(c, -inf), float32(math.NaN()),
			inf, -inf, float32(rng.NormFloat64())}
		x[i] = choices[rng.IntN(len(choices))]
	}
	return x
}
