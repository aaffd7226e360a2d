package onnx

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/model"
	"assay/steps/kit/model/logistic"
)

// regression returns a model that was trained on windows of which the features have all
// sizes, and some windows, which miss values.
func regression(t *testing.T) (*logistic.Model, []float32) {
	t.Helper()
	const features = 40
	schema := model.Schema{Classes: channel.Phases(), Meaning: "m"}
	for f := range features {
		schema.Features = append(schema.Features, "f"+string(rune('0'+f/10))+string(rune('0'+f%10)))
	}
	rng := rand.New(rand.NewPCG(11, 12))
	var train model.Set
	for i := range 300 {
		y := i % len(schema.Classes)
		train.Y = append(train.Y, int32(y))
		for f := range features {
			noise, size := rng.NormFloat64(), math.Pow(10, float64(f%9)-3)
			train.X = append(train.X, float32(size*(noise+float64(f%(y+2)))))
		}
	}
	s := logistic.Settings{Lambda: 0.001, Balance: 0.5, Iterations: 500, Workers: 1}
	fit, err := logistic.Train(t.Context(), s, schema, train, train, func(int, int, logistic.Solution) {})
	if err != nil {
		t.Fatal(err)
	}
	x := append(recorded(100*features), train.X...)
	return fit.Model, x
}

// TestLogistic reads the file of a regression back.
func TestLogistic(t *testing.T) {
	m, _ := regression(t)
	b, err := Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, b)
	if f.imports[""] != 17 || len(f.imports) != 1 {
		t.Errorf("operators %v", f.imports)
	}
	if !slices.Equal(f.input, []string{"N", "40"}) || !slices.Equal(f.output, []string{"N", "6"}) {
		t.Errorf("from %q to %q", f.input, f.output)
	}
	if f.notes["family"] != "logistic" || f.notes["schema"] != m.Hash() {
		t.Errorf("notes %v", f.notes)
	}
	if f.ops["Gemm"] != 1 || f.ops["Softmax"] != 1 || f.ops["Clip"] != 1 {
		t.Errorf("nodes %v", f.ops)
	}
	if again, err := Encode(m); err != nil || !bytes.Equal(again, b) {
		t.Errorf("other bytes the second time, %v", err)
	}
}
