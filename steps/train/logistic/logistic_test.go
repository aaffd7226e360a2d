package logistic

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/internal/training/trainingtest"
	"assay/steps/kit/model/logistic"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/prediction"
)

// train runs the kind and returns what it wrote, by file.
func train(t *testing.T, h *trainingtest.Heard, change string) (made, said fs.FS) {
	t.Helper()
	windows, split := trainingtest.Tables(t, "p", func(rng *rand.Rand, y int32) []float32 {
		noise := func() float32 { return float32(rng.NormFloat64() / 8) }
		return []float32{1e9 * (float32(y/2) + noise()), float32(y%2) + noise(), 7}
	})
	made, said, err := trainingtest.Run(step.WithSink(t.Context(), h), t, Kind(), change, windows, split)
	if err != nil {
		t.Fatal(err)
	}
	return made, said
}

// TestKind trains on windows that a linear function tells apart.
func TestKind(t *testing.T) {
	h := &trainingtest.Heard{}
	made, p := train(t, h, `{"view": "oracle"}`)
	if h.Done != len(logistic.Lambdas()) || h.Of != h.Done {
		t.Errorf("progress up to %d of %d", h.Done, h.Of)
	}
	if said := strings.Join(h.Warnings, "\n"); strings.Contains(said, "lambda") || strings.Contains(said, "was the best") {
		t.Errorf("warnings %q", said)
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
	if len(said.Rows) != 12*9 || right < 105 {
		t.Errorf("%d of %d predictions are right", right, len(said.Rows))
	}
	m, err := saved.Open(made)
	if err != nil {
		t.Fatal(err)
	}
	if about := m.About(); said.About.Model != "logistic" || said.About.Schema != about.Hash() || said.About.Rounds != about.Rounds {
		t.Errorf("the predictions are about another model: %+v", said.About)
	}
}

// TestTrainingRecord: training.json says which penalties were tried and which was taken.
func TestTrainingRecord(t *testing.T) {
	h := &trainingtest.Heard{}
	made, _ := train(t, h, `{"view": "oracle"}`)
	b, err := fs.ReadFile(made, "training.json")
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Params    Params
		Lambda    float64
		Penalties []logistic.Solution
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Penalties) != len(logistic.Lambdas()) || r.Params.ClassWeights != 0.75 || bytes.Contains(b, []byte("best_")) {
		t.Errorf("training.json is\n%s", b)
	}
	best := r.Penalties[0]
	for _, s := range r.Penalties {
		if s.MacroF1 > best.MacroF1 {
			best = s
		}
	}
	if r.Lambda != best.Lambda || r.Lambda == 0 {
		t.Errorf("lambda %v was taken, want %v", r.Lambda, best.Lambda)
	}
}

// TestOnePenalty: a given penalty is the only one, and the kind says where it did not come
// to an end.
func TestOnePenalty(t *testing.T) {
	h := &trainingtest.Heard{}
	made, _ := train(t, h, `{"lambda": 0.02, "iterations": 1}`)
	b, err := fs.ReadFile(made, "training.json")
	if err != nil || !bytes.Contains(b, []byte(`"lambda": 0.02,`)) || bytes.Count(b, []byte(`"macro_f1"`)) != 1 {
		t.Errorf("training.json is\n%s, %v", b, err)
	}
	if said := strings.Join(h.Warnings, "\n"); !strings.Contains(said, "lambda 0.02: after 1 iterations the largest number in the gradient is") ||
		!strings.Contains(said, "give it more iterations, or a larger lambda") {
		t.Errorf("warnings %q", said)
	}
	if text, _ := fs.ReadFile(made, logistic.File); bytes.Contains(text, []byte("proc.")) {
		t.Error("the realistic model has other features than the guest's")
	}
}

func TestParamsCheck(t *testing.T) {
	p := Params{View: "all", Lambda: -1, ClassWeights: -1}
	err := p.Check()
	for _, want := range []string{`view is "all"`, "lambda is -1", "class_weights is -1", "iterations is 0"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %q", err, want)
		}
	}
}
