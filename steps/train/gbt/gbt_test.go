package gbt

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/internal/training/trainingtest"
	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// train runs the kind on windows of which the guest channel tells two phases apart, the proc
// channel the third.
func train(t testing.TB, ctx context.Context, change string) (model, predictions fs.FS, err error) {
	t.Helper()
	windows, split := trainingtest.Tables(t, "p<1>", func(rng *rand.Rand, y int32) []float32 {
		noise := func() float32 { return float32(rng.NormFloat64() / 4) }
		return []float32{float32(y/2) + noise(), float32(y%2) + noise(), float32(rng.NormFloat64())}
	})
	return trainingtest.Run(ctx, t, Kind(), change, windows, split)
}

func TestKind(t *testing.T) {
	h := &trainingtest.Heard{}
	m, p, err := train(t, step.WithSink(t.Context(), h), `{"rounds": 25, "view": "oracle"}`)
	if err != nil {
		t.Fatal(err)
	}
	if h.Done == 0 {
		t.Error("no progress was reported")
	}
	if said := strings.Join(h.Warnings, "\n"); !strings.Contains(said, "3 of 230 features") ||
		!strings.Contains(said, "class infected_running, dormant, failed") {
		t.Errorf("warnings %q, want one of the features and one of the classes never seen", h.Warnings)
	}
	pred, err := prediction.Read(p)
	if err != nil {
		t.Fatal(err)
	}
	if len(pred.Rows) != 12*9 || pred.Rows[0].Part != table.Validation || pred.Rows[107].Part != table.Test {
		t.Errorf("%d predictions, from part %s to %s", len(pred.Rows), pred.Rows[0].Part, pred.Rows[len(pred.Rows)-1].Part)
	}
	right := 0
	for i := range pred.Rows {
		if pred.Rows[i].Predicted == pred.Rows[i].Phase {
			right++
		}
	}
	if right < 95 {
		t.Errorf("%d of 108 predictions are right, want 95 at least", right)
	}
	b, err := fs.ReadFile(m, "model.json")
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := gbt.Load(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if pred.About.Schema != loaded.Hash() || loaded.Meaning != "" || pred.About.Rounds != loaded.Rounds() {
		t.Errorf("the predictions are about another model: %+v", pred.About)
	}
	checkTraining(t, m, loaded)
}

func checkTraining(t *testing.T, m fs.FS, loaded *gbt.Model) {
	t.Helper()
	b, err := fs.ReadFile(m, "training.json")
	if err != nil {
		t.Fatal(err)
	}
	var tr struct {
		Params    Params        `json:"params"`
		BestRound int           `json:"best_round"`
		MLogLoss  []model.Round `json:"mlogloss"`
	}
	if err := json.Unmarshal(b, &tr); err != nil {
		t.Fatal(err)
	}
	if tr.BestRound != loaded.Rounds()-1 || len(tr.MLogLoss) <= tr.BestRound || tr.Params.View != "oracle" {
		t.Errorf("training %+v does not fit a model of %d rounds", tr, loaded.Rounds())
	}
	if !bytes.Contains(b, []byte(`"class": "armed",
      "train": 36,
      "validation": 18,
      "test": 18`)) {
		t.Errorf("the counts are not those of the windows: %s", b)
	}
}

func TestRealisticSeesNoProc(t *testing.T) {
	m, _, err := train(t, t.Context(), `{"rounds": 2}`)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := fs.ReadFile(m, "model.json")
	if bytes.Contains(b, []byte("proc.")) || !bytes.Contains(b, []byte("guest.load_1m.mean")) {
		t.Error("the realistic model has other features than the guest's")
	}
}

func TestSameBytesTwice(t *testing.T) {
	read := func() (all []byte) {
		m, p, err := train(t, t.Context(), `{"rounds": 8}`)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []struct {
			fs   fs.FS
			name string
		}{{m, "model.json"}, {m, "training.json"}, {p, "predictions.parquet"}, {p, "predictions.json"}} {
			b, err := fs.ReadFile(f.fs, f.name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, b...)
		}
		return all
	}
	if !bytes.Equal(read(), read()) {
		t.Error("two trainings differ")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := train(t, ctx, `{}`); err != context.Canceled {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestCheck(t *testing.T) {
	p := defaults()
	if err := p.Check(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	p.View, p.MaxBin, p.Lambda, p.MinChildWeight = "all", 300, 0, 0
	err := p.Check()
	for _, want := range []string{`view is "all"`, "max_bin is 300", "lambda and min_child_weight are both 0"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %q", err, want)
		}
	}
}
