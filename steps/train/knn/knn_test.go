package knn

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
	"assay/steps/kit/model/knn"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// heard is a sink that remembers warnings.
type heard struct {
	mu       sync.Mutex
	warnings []string
}

func (h *heard) Emit(e step.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.Warning != "" {
		h.warnings = append(h.warnings, e.Warning)
	}
}

// tables returns a windows table and a split of 24 episodes; two channels of the guest
// tell three phases apart, with some values missing.
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
			noise := func() float32 { return float32(rng.NormFloat64() / 5) }
			center, phase = append(center, float64(5+5*n)), append(phase, y)
			x = append(x, noise(), 1e6*(float32(y%2)+noise()), float32(y/2)+noise())
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

// train runs the kind with changed parameters.
func train(t *testing.T, h *heard, change string) (model, predictions fs.FS) {
	t.Helper()
	windows, split := tables(t)
	k := Kind()
	p := k.Params()
	if err := json.Unmarshal([]byte(change), p); err != nil {
		t.Fatal(err)
	}
	roots := map[string]*os.Root{}
	for _, o := range k.Outputs {
		root, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { root.Close() })
		roots[o.Name] = root
	}
	inputs := step.Inputs{"windows": {{FS: windows}}, "split": {{FS: split}}}
	if err := k.Run(step.WithSink(t.Context(), h), p, inputs, roots); err != nil {
		t.Fatal(err)
	}
	return roots["model"].FS(), roots["predictions"].FS()
}

func TestKind(t *testing.T) {
	h := &heard{}
	m, p := train(t, h, `{}`)
	for _, w := range h.warnings {
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
	m, _ := train(t, &heard{}, `{"k": 3, "weights": "uniform", "view": "oracle"}`)
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
