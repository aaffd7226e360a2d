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
	for _, grid := range []string{grid, gridInContext} {
		predictAgain(t, newWorld(t, grid, func(fstest.MapFS) {}))
	}
}

// predictAgain trains each family on a world and applies its model to the same world.
func predictAgain(t *testing.T, w *world) {
	t.Helper()
	windows, split := w.tables(t)
	for _, k := range families() {
		made := w.train(t, k, nil)
		if made.err != nil {
			t.Fatalf("%s: %v", k.Name, made.err)
		}
		again := execute(t, "predict", w.grid, step.Inputs{"model": {{FS: made.model}}, "windows": {{FS: windows}},
			"split": {{FS: split}}, "episodes": {{FS: w.episodes}}})["predictions"]
		if said, err := prediction.Read(made.predictions); err != nil || said.About.Context() != (w.grid == gridInContext) {
			t.Errorf("%s: with the grid %s the model is called %q, %v", k.Name, w.grid, said.About.Model, err)
		}
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
