package steps_test

import (
	"bytes"
	"io/fs"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// TestPredictSaysWhatTrainersSay applies the model of every family again, and compares the
// bytes of the predictions with those of the step that trained it.
func TestPredictSaysWhatTrainersSay(t *testing.T) {
	w := newWorld(t, grid, func(fstest.MapFS) {})
	windows, split := w.tables(t)
	for _, k := range families() {
		made := w.train(t, k, nil)
		if made.err != nil {
			t.Fatalf("%s: %v", k.Name, made.err)
		}
		again := execute(t, "predict", w.grid, step.Inputs{"model": {{FS: made.model}}, "windows": {{FS: windows}},
			"split": {{FS: split}}, "episodes": {{FS: w.episodes}}})["predictions"]
		for _, name := range []string{table.PredictionsFile, prediction.AboutFile} {
			want, err := fs.ReadFile(made.predictions, name)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := fs.ReadFile(again, name); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: predict writes another %s, %v", k.Name, name, err)
			}
		}
	}
}
