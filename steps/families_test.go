package steps_test

import (
	"encoding/json"
	"io/fs"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/channel"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

const (
	grid          = `{"window": "4s", "stride": "2s"}`
	gridInContext = `{"window": "4s", "stride": "2s", "context": true}`
)

// TestFamiliesOnOddData trains every family on data that hardly suffice. What it makes must
// be whole, and it must warn of what a user should know.
func TestFamiliesOnOddData(t *testing.T) {
	plain := newWorld(t, grid, func(fstest.MapFS) {})
	without := func(part table.Part, class int32) *world {
		w := plain.clone()
		w.phases(part, func(p *int32) {
			if *p == class {
				*p = 0
			}
		})
		return w
	}
	empty := plain.clone()
	for k, part := range empty.parts {
		if part == table.Test {
			empty.parts[k] = table.Excluded
		}
	}
	single := newWorld(t, `{"window": "4s", "stride": "1000s"}`, func(fstest.MapFS) {})
	for i, e := range single.windows.Episodes {
		single.parts[e.Key] = []table.Part{table.Train, table.Validation, table.Test, table.Excluded}[min(i, 3)]
	}
	blind := newWorld(t, grid, func(store fstest.MapFS) {
		rewrite(t, store, func(entries map[string][]byte) { delete(entries, "netflow.jsonl") })
	})
	context := newWorld(t, gridInContext, func(fstest.MapFS) {})
	for _, c := range []struct {
		name  string
		world *world
		warn  string // "" warns of no class
	}{
		{"a class that training lacks", without(table.Train, 1), "is of class armed, "},
		{"a class that validation lacks", without(table.Validation, 1), ""},
		{"a class that the test lacks", without(table.Test, 1), ""},
		{"one window in each part", single, "no window of the training part is of class"},
		{"channels that are never there", blind, ""},
		{"causal context", context, ""},
		{"an empty test part", empty, "no window is in the test part"},
	} {
		for _, k := range families() {
			got := c.world.train(t, k, nil)
			if got.err != nil {
				t.Errorf("%s, %s: %v", c.name, k.Name, got.err)
				continue
			}
			if c.warn != "" && !strings.Contains(got.warned, c.warn) || c.warn == "" && strings.Contains(got.warned, "armed") {
				t.Errorf("%s, %s: the warnings %q, want %q", c.name, k.Name, got.warned, c.warn)
			}
			checkPredictions(t, c.name+", "+k.Name, c.world, got)
			checkTraining(t, c.name+", "+k.Name, c.world, got)
		}
	}
}

// checkPredictions wants one for each window of validation and test, each a distribution.
func checkPredictions(t *testing.T, name string, w *world, got trained) {
	t.Helper()
	said, err := prediction.Read(got.predictions)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	want := 0
	for _, part := range []table.Part{table.Validation, table.Test} {
		w.phases(part, func(*int32) { want++ })
	}
	if len(said.Rows) != want {
		t.Errorf("%s: %d predictions, want %d", name, len(said.Rows), want)
	}
	for _, r := range said.Rows {
		sum := 0.0
		for _, p := range r.P {
			sum += float64(p)
		}
		if !(math.Abs(sum-1) < 1e-5) {
			t.Fatalf("%s: the probabilities %v", name, r.P)
		}
	}
}

// checkTraining holds training.json to the windows and to what was trained.
func checkTraining(t *testing.T, name string, w *world, got trained) {
	t.Helper()
	var r struct {
		Best    *int  `json:"best_epoch"`
		Round   *int  `json:"best_round"`
		Ridge   *int  `json:"best_ridge"`
		Epochs  []any `json:"epochs"`
		Rounds  []any `json:"mlogloss"`
		Ridges  []any `json:"ridges"`
		Lambda  *float64
		Tried   []struct{ Lambda float64 } `json:"penalties"`
		Classes []struct {
			Class string
			Train int
		}
	}
	b, err := fs.ReadFile(got.model, "training.json")
	if err != nil || json.Unmarshal(b, &r) != nil {
		t.Fatalf("%s: %v, %s", name, err, b)
	}
	best, curve := r.Best, r.Epochs
	if best == nil {
		best, curve = r.Round, r.Rounds
	}
	if r.Ridge != nil {
		best, curve = r.Ridge, r.Ridges
	}
	for i, tried := range r.Tried {
		if curve = append(curve, tried); r.Lambda != nil && tried.Lambda == *r.Lambda {
			best = &i
		}
	}
	curves := 0
	for _, n := range []int{len(r.Epochs), len(r.Rounds), len(r.Ridges), len(r.Tried)} {
		curves += min(n, 1)
	}
	if strings.HasSuffix(name, "train/knn") { // it is fitted in one go
		if best != nil || curves != 0 {
			t.Errorf("%s: training.json has a best epoch, round, ridge or penalty, or a curve: %s", name, b)
		}
	} else if best == nil || *best < 0 || *best >= len(curve) || curves != 1 {
		t.Errorf("%s: training.json has no best epoch, round, ridge or penalty, or no curve with it: %s", name, b)
	}
	counts := make([]int, channel.NumPhases)
	w.phases(table.Train, func(p *int32) { counts[*p]++ })
	for k, c := range r.Classes {
		if c.Class != channel.PhaseName(k) || c.Train != counts[k] {
			t.Errorf("%s: %d training windows of class %s, want %d", name, c.Train, c.Class, counts[k])
		}
	}
}
