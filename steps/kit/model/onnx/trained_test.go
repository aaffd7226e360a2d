package onnx

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"assay/steps/kit/model"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/prediction"
)

// TestTrained writes inputs and predictions of models that a recipe trained, for .ci/onnx.py.
// In the folder ASSAY_ONNX_RUN, each folder NODE has the artifacts model, predictions, split
// and windows of a node; ASSAY_ONNX_EPISODES is the episode store, and the windows are those
// of the paper. It also checks that a model that was saved predicts what it predicted then.
func TestTrained(t *testing.T) {
	dir := os.Getenv("ASSAY_ONNX_RUN")
	if dir == "" {
		t.Skip("ASSAY_ONNX_RUN is not set")
	}
	found, err := filepath.Glob(filepath.Join(dir, "*", "model"))
	if err != nil || len(found) == 0 {
		t.Fatalf("%d models, %v", len(found), err)
	}
	for _, path := range found {
		folder := filepath.Dir(path)
		m, err := saved.Open(os.DirFS(path))
		if err != nil {
			t.Fatal(err)
		}
		said, err := prediction.Read(os.DirFS(filepath.Join(folder, "predictions")))
		if err != nil {
			t.Fatal(err)
		}
		x := inputs(t, m.About(), model.View(said.About.View), folder)
		p := make([]float32, 0, len(said.Rows)*len(said.About.Classes))
		for _, r := range said.Rows {
			p = append(p, r.P[:]...)
		}
		now := make([]float32, len(p))
		m.Predict(now, x)
		if !slices.Equal(now, p) {
			t.Errorf("%s: the saved model predicts otherwise", folder)
		}
		save(t, dir, filepath.Base(folder)+".x.f32", rawFloats(x))
		save(t, dir, filepath.Base(folder)+".p.f32", rawFloats(p))
	}
}

// inputs returns those of the windows that predictions are of, in their order.
func inputs(t *testing.T, about model.About, view model.View, folder string) []float32 {
	t.Helper()
	part := func(name string) fs.FS { return os.DirFS(filepath.Join(folder, name)) }
	if about.Form == model.Summaries {
		d, err := model.Load(part("windows"), part("split"), view)
		if err != nil {
			t.Fatal(err)
		}
		return append(d.Validation.X, d.Test.X...)
	}
	grid := model.Grid{Window: float64(about.Points) / about.Hz, Stride: 5, Hz: about.Hz}
	episodes := os.DirFS(os.Getenv("ASSAY_ONNX_EPISODES"))
	d, err := model.LoadTensors(t.Context(), episodes, part("windows"), part("split"), view, grid, 2)
	if err != nil {
		t.Fatal(err)
	}
	var x []float32
	for _, row := range append(d.Validation.Rows, d.Test.Rows...) {
		x = append(x, d.Series.Window(row)...)
	}
	return x
}
