package logistic

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/model/logistic"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// heard is a sink that remembers.
type heard struct {
	mu       sync.Mutex
	warnings []string
	done, of int
}

func (h *heard) Emit(e step.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.Warning != "" {
		h.warnings = append(h.warnings, e.Warning)
	}
	if e.Done > h.done {
		h.done, h.of = e.Done, e.Total
	}
}

// tables returns a windows table and a split of 24 episodes, whose windows are clean, armed
// or infecting.
func tables(t *testing.T) (windows, split fs.FS) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	var w, a, info bytes.Buffer
	ww := table.NewWindowsWriter(&w, []string{"proc.rss_bytes.mean", "guest.load_1m.mean", "guest.load_1m.std"}, "feed")
	rows := []table.AssignmentRow{}
	for e := range 24 {
		ref := table.EpisodeRef{Key: table.Key{Host: "h", Episode: fmt.Sprintf("e%02d", e)}, Profile: "p", Sample: "s"}
		part := []table.Part{table.Train, table.Train, table.Validation, table.Test}[e%4]
		var center []float64
		var phase []int32
		var x []float32
		for n := range 9 {
			y := int32(n / 3)
			center, phase = append(center, float64(5+5*n)), append(phase, y)
			x = append(x, 1e9*(float32(y/2)+float32(rng.NormFloat64()/8)), float32(y%2)+float32(rng.NormFloat64()/8), 7)
		}
		if err := ww.Append(ref, center, phase, x); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, table.AssignmentRow{Key: ref.Key, Part: part, Boot: "h/" + string(part)})
	}
	if err := ww.Close(); err != nil {
		t.Fatal(err)
	}
	if err := table.WriteAssignment(&a, rows); err != nil {
		t.Fatal(err)
	}
	if err := files.EncodeJSON(&info, table.SplitInfo{By: "boot", Test: []string{"h/test"}}); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"windows.parquet": {Data: w.Bytes()}},
		fstest.MapFS{table.AssignmentFile: {Data: a.Bytes()}, table.SplitInfoFile: {Data: info.Bytes()}}
}

// train runs the kind and returns what it wrote, by file.
func train(t *testing.T, h *heard, change string) (made, said fs.FS) {
	t.Helper()
	windows, split := tables(t)
	k := Kind()
	p := k.Params()
	if err := json.Unmarshal([]byte(change), p); err != nil {
		t.Fatal(err)
	}
	out := step.Outputs{}
	for _, o := range k.Outputs {
		root, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { root.Close() })
		out[o.Name] = root
	}
	in := step.Inputs{"windows": {{FS: windows}}, "split": {{FS: split}}}
	if err := k.Run(step.WithSink(t.Context(), h), p, in, out); err != nil {
		t.Fatal(err)
	}
	return out["model"].FS(), out["predictions"].FS()
}

// TestKind trains on windows that a linear function tells apart.
func TestKind(t *testing.T) {
	h := &heard{}
	made, p := train(t, h, `{"view": "oracle"}`)
	if h.done != len(logistic.Lambdas()) || h.of != h.done {
		t.Errorf("progress up to %d of %d", h.done, h.of)
	}
	if said := strings.Join(h.warnings, "\n"); strings.Contains(said, "lambda") || strings.Contains(said, "was the best") {
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
	h := &heard{}
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
	h := &heard{}
	made, _ := train(t, h, `{"lambda": 0.02, "iterations": 1}`)
	b, err := fs.ReadFile(made, "training.json")
	if err != nil || !bytes.Contains(b, []byte(`"lambda": 0.02,`)) || bytes.Count(b, []byte(`"macro_f1"`)) != 1 {
		t.Errorf("training.json is\n%s, %v", b, err)
	}
	if said := strings.Join(h.warnings, "\n"); !strings.Contains(said, "lambda 0.02: after 1 iterations the largest number in the gradient is") ||
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
