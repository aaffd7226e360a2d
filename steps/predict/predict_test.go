package predict

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/internal/training"
	"assay/steps/kit/channel"
	"assay/steps/kit/files"
	"assay/steps/kit/model"
	"assay/steps/kit/model/logistic"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// heard is a sink that remembers warnings.
type heard struct {
	mu   sync.Mutex
	said strings.Builder
}

func (h *heard) Emit(e step.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.Warning != "" {
		h.said.WriteString(e.Warning + "\n")
	}
}

// tables returns the windows of eight episodes with all features, and a split.
func tables(t *testing.T, hash string, parts ...table.Part) (windows, split fs.FS) {
	t.Helper()
	var w, a, info bytes.Buffer
	out := table.NewWindowsWriter(&w, channel.FeatureNames(), hash)
	rows := []table.AssignmentRow{}
	for e := range 8 {
		ref := table.EpisodeRef{Key: table.Key{Host: "h", Episode: fmt.Sprintf("e%d", e)}, Profile: "p", Sample: "s"}
		x := make([]float32, 3*channel.NumFeatures)
		for i := range x {
			x[i] = float32((i*i+7*e)%11 + i/channel.NumFeatures)
		}
		if err := out.Append(ref, []float64{5, 10, 15}, []int32{0, 1, 2}, x); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, table.AssignmentRow{Key: ref.Key, Part: parts[e%len(parts)], Boot: ref.Episode})
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := table.WriteAssignment(&a, rows); err != nil {
		t.Fatal(err)
	}
	if err := files.EncodeJSON(&info, table.SplitInfo{By: "boot"}); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"windows.parquet": {Data: w.Bytes()}},
		fstest.MapFS{table.AssignmentFile: {Data: a.Bytes()}, table.SplitInfoFile: {Data: info.Bytes()}}
}

func dir(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// trained returns a saved model, and what the step that trained it said.
func trained(t *testing.T, windows, split fs.FS) (saved, said fs.FS) {
	t.Helper()
	d, err := model.Load(windows, split, model.Realistic)
	if err != nil {
		t.Fatal(err)
	}
	s := logistic.Settings{Lambda: 0.01, Balance: 1, Iterations: 100, Workers: 1}
	fit, err := logistic.Train(t.Context(), s, d.Schema(), d.Train, d.Validation, func(int, int, logistic.Solution) {})
	if err != nil {
		t.Fatal(err)
	}
	p, err := training.Predict(t.Context(), model.Realistic, d, fit.Model)
	if err != nil {
		t.Fatal(err)
	}
	made, predicted := dir(t), dir(t)
	if err := fit.Model.SaveTo(made); err != nil {
		t.Fatal(err)
	}
	if err := prediction.Write(predicted, p); err != nil {
		t.Fatal(err)
	}
	return made.FS(), predicted.FS()
}

// predicted runs the kind and returns what it wrote and warned of.
func predicted(t *testing.T, change string, m, windows, split fs.FS) (fs.FS, string, error) {
	t.Helper()
	k, h, out := Kind(), &heard{}, dir(t)
	p := k.Params()
	if err := json.Unmarshal([]byte(change), p); err != nil {
		t.Fatal(err)
	}
	in := step.Inputs{"model": {{FS: m}}, "windows": {{FS: windows}}, "split": {{FS: split}}}
	err := k.Run(step.WithSink(t.Context(), h), p, in, step.Outputs{"predictions": out})
	return out.FS(), h.said.String(), err
}

// TestPredictsAsTheTrainer compares bytes.
func TestPredictsAsTheTrainer(t *testing.T) {
	windows, split := tables(t, "feed", table.Train, table.Validation, table.Test, table.Excluded)
	m, want := trained(t, windows, split)
	got, warned, err := predicted(t, "{}", m, windows, split)
	if err != nil || warned != "" {
		t.Fatalf("%v, warnings %q", err, warned)
	}
	for _, name := range []string{table.PredictionsFile, prediction.AboutFile} {
		a, err := fs.ReadFile(got, name)
		b, err2 := fs.ReadFile(want, name)
		if err != nil || err2 != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: other bytes, %v, %v", name, err, err2)
		}
	}
}

// TestOtherWindows applies a model to a split without a training part, to windows whose
// meaning is not known, and to others that are not its own.
func TestOtherWindows(t *testing.T) {
	windows, split := tables(t, "feed", table.Train, table.Validation, table.Test)
	m, _ := trained(t, windows, split)
	windows, split = tables(t, "", table.Validation)
	got, warned, err := predicted(t, "{}", m, windows, split)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"so only their names are compared", "no window is in the test part of the split"} {
		if !strings.Contains(warned, want) {
			t.Errorf("warnings %q, want %q", warned, want)
		}
	}
	if said, err := prediction.Read(got); err != nil || len(said.Rows) != 24 || said.Rows[0].Part != table.Validation {
		t.Errorf("%v, %+v", err, said)
	}
	windows, split = tables(t, "food", table.Test)
	if _, _, err := predicted(t, "{}", m, windows, split); err == nil || !strings.Contains(err.Error(), `another meaning ("feed" there, "food" here)`) {
		t.Errorf("error %v", err)
	}
	if _, _, err := predicted(t, "{}", split, windows, split); err == nil || !strings.Contains(err.Error(), "there is no model") {
		t.Errorf("error %v", err)
	}
}

func TestCheck(t *testing.T) {
	p := defaults()
	if err := p.Check(); err != nil {
		t.Error(err)
	}
	p = Params{View: "all"}
	p.Cures.MaxGap = -1
	err := p.Check()
	for _, want := range []string{`view is "all"`, "window is 0s", "stride is 0s", "max_gap is"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %q", err, want)
		}
	}
}
