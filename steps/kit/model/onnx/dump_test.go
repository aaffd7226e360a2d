package onnx

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
	"assay/steps/kit/model/nn"
)

// TestDump writes models for .ci/onnx.py to the folder ASSAY_ONNX_DIR: of each the ONNX
// file, inputs and the probabilities that the model gives them, and of a network its files,
// so that other code can compute it, too.
func TestDump(t *testing.T) {
	dir := os.Getenv("ASSAY_ONNX_DIR")
	if dir == "" {
		t.Skip("ASSAY_ONNX_DIR is not set")
	}
	for name, m := range map[string]*gbt.Model{"gbt": forest(40, 6), "gbt-root": forest(1, 0)} {
		dump(t, dir, name, m, awkward(500*len(m.Features)))
	}
	m, x := regression(t)
	dump(t, dir, "logistic", m, x)
	for name, s := range shapes() {
		m, root := made(t, s)
		dump(t, dir, name, m, recorded(24*s.points*s.channels))
		for from, to := range map[string]string{nn.File: ".json", nn.WeightsFile: ".safetensors"} {
			b, err := root.ReadFile(from)
			if err != nil {
				t.Fatal(err)
			}
			save(t, dir, name+to, b)
		}
	}
}

// dump writes a model with inputs and what it predicts.
func dump(t *testing.T, dir, name string, m model.Model, x []float32) {
	t.Helper()
	b, err := Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	about := m.About()
	rows := len(x) / len(about.Features) / max(1, about.Points)
	p := make([]float32, rows*len(about.Classes))
	m.Predict(p, x)
	save(t, dir, name+".onnx", b)
	save(t, dir, name+".x.f32", rawFloats(x))
	save(t, dir, name+".p.f32", rawFloats(p))
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
		Classes: []string{"u", "v", "w", "x", "y", "z"}, Meaning: "m"}, Start: []float32{0.5, 0.25, 0, -0.125, 0.5, 1}}
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

// awkward makes values on the cuts and beside them, missing and infinite ones.
func awkward(n int) []float32 {
	rng := rand.New(rand.NewPCG(7, 8))
	inf := float32(math.Inf(1))
	x := make([]float32, n)
	for i := range x {
		c := cuts()[rng.IntN(len(cuts()))]
		choices := []float32{c, c, math.Nextafter32(c, inf), math.Nextafter32(c, -inf), float32(math.NaN()),
			inf, -inf, float32(rng.NormFloat64())}
		x[i] = choices[rng.IntN(len(choices))]
	}
	return x
}

// recorded makes raw values of all sizes, zeros, missing and infinite ones among them. The
// first eighth is all missing.
func recorded(n int) []float32 {
	rng := rand.New(rand.NewPCG(9, 10))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64() * math.Pow(10, 18*rng.Float64()-6))
		switch k := rng.IntN(100); {
		case k < 10 || i < n/8:
			x[i] = float32(math.NaN())
		case k < 15:
			x[i] = 0
		case k == 15:
			x[i] = float32(math.Inf(1 - 2*(i&1)))
		}
	}
	return x
}
