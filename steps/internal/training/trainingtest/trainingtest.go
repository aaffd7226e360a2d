// Package trainingtest helps the tests of kinds that train on summaries. Call [Tables] for
// what they read, [Run] to run one, and give it a [Heard] to hear what it reports.
package trainingtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/table"
)

// A Heard is a sink that remembers.
type Heard struct {
	mu       sync.Mutex
	Warnings []string
	Done, Of int // the most progress
}

// Emit implements [step.Sink].
func (h *Heard) Emit(m step.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if m.Warning != "" {
		h.Warnings = append(h.Warnings, m.Warning)
	}
	if m.Done > h.Done {
		h.Done, h.Of = m.Done, m.Total
	}
}

// Tables returns a windows table of three features, and a split of its 24 episodes: half of
// them in training, the rest in validation and test. An episode has 9 windows, three for each
// of the classes 0 to 2. window draws the features of one.
func Tables(t testing.TB, profile string, window func(rng *rand.Rand, class int32) []float32) (windows, split fs.FS) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	var w, a, info bytes.Buffer
	ww := table.NewWindowsWriter(&w, []string{"proc.rss_bytes.mean", "guest.load_1m.mean", "guest.load_1m.std"}, "feed")
	var rows []table.AssignmentRow
	for e := range 24 {
		ref := table.EpisodeRef{Key: table.Key{Host: "h", Episode: fmt.Sprintf("e%02d", e)}, Profile: profile, Sample: "s"}
		part := []table.Part{table.Train, table.Train, table.Validation, table.Test}[e%4]
		var center []float64
		var phase []int32
		var x []float32
		for n := range 9 {
			class := int32(n / 3)
			center, phase = append(center, float64(5+5*n)), append(phase, class)
			x = append(x, window(rng, class)...)
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

// Run runs a kind with changed parameters, as JSON, and returns what it wrote.
func Run(ctx context.Context, t testing.TB, k *step.Kind, change string, windows, split fs.FS) (
	model, predictions fs.FS, err error) {
	t.Helper()
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
	err = k.Run(ctx, p, step.Inputs{"windows": {{FS: windows}}, "split": {{FS: split}}}, out)
	return out["model"].FS(), out["predictions"].FS(), err
}
