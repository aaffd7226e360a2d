package knn

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/internal/training/trainingtest"
	"assay/steps/kit/model/knn"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/prediction"
)

// train runs the kind on windows of which two channels of the guest tell three phases apart.
func train(t *testing.T, h *trainingtest.Heard, change string) (model, predictions fs.FS) {
	t.Helper()
	windows, split := trainingtest.Tables(t, "p", func(rng *rand.Rand, y int32) []float32 {
		noise := func() float32 { return float32(rng.NormFloat64() / 5) }
		return []float32{noise(), 1e6 * (float32(y%2) + noise()), float32(y/2) + noise()}
	})
	model, predictions, err := trainingtest.Run(step.WithSink(t.Context(), h), t, Kind(), change, windows, split)
	if err != nil {
		t.Fatal(err)
	}
	return model, predictions
}

func TestKind(t *testing.T) {
	h := &trainingtest.Heard{}
	m, p := train(t, h, `{}`)
	for _, w := range h.Warnings {
		if strings.Contains(w, "was the best") || strings.Contains(w, "did not learn") {
			t.Errorf("a warning of a curve that there is not: %s", w)
		}
	}
	said, err := prediction.Read(p)
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, r := range said.Rows {
		if r.Predicted == r.Phase {
			right++
		}
	}
	if len(said.Rows) != 108 || right < 100 || said.About.Model != "knn" || said.About.Features != 2 {
		t.Errorf("%d of %d right, %+v", right, len(said.Rows), said.About)
	}
	opened, err := saved.Open(m)
	if err != nil {
		t.Fatal(err)
	}
	if got := opened.(*knn.Model); got.Rows() != 108 || got.Params != (knn.Params{K: 5, Weights: knn.Distance}) ||
		got.Hash() != said.About.Schema {
		t.Errorf("opened %d rows, %+v", got.Rows(), got.Params)
	}
}

// training.json says what was kept, and no best round of none.
func TestRecord(t *testing.T) {
	m, _ := train(t, &trainingtest.Heard{}, `{"k": 3, "weights": "uniform", "view": "oracle"}`)
	b, err := fs.ReadFile(m, "training.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"k": 3`, `"weights": "uniform"`, `"features": 3`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("training.json lacks %s:\n%s", want, b)
		}
	}
	for _, not := range []string{"best", "mlogloss", "epochs"} {
		if bytes.Contains(b, []byte(not)) {
			t.Errorf("training.json has %s:\n%s", not, b)
		}
	}
}

func TestCheck(t *testing.T) {
	p := Kind().Params().(*Params)
	if err := p.Check(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	p.View, p.K, p.Weights = "all", 0, "near"
	err := p.Check()
	for _, want := range []string{`view is "all"`, "k is 0, want 1 to 1000", `weights is "near", want uniform or distance`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %q", err, want)
		}
	}
}
