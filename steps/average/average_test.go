package average

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// said returns what a model says of three windows: the probabilities of clean and armed.
func said(model, view string, clean ...float32) *prediction.Set {
	p := &prediction.Set{About: prediction.About{Model: model, View: view, Rounds: 5, Features: 10 + len(model),
		Schema: "s", Classes: channel.Phases()}}
	for i, v := range clean {
		r := table.Prediction{
			Key: table.Key{Host: "h", Episode: "e"}, Profile: "x", Part: table.Test, Center: float64(5 + 5*i),
			P: [channel.NumPhases]float32{v, 1 - v},
		}
		r.Predicted = r.Best()
		p.Rows = append(p.Rows, r)
	}
	return p
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

// averageOf runs the kind. An input is named by a label with the model's name.
func averageOf(t *testing.T, ctx context.Context, sets ...*prediction.Set) (*prediction.Set, error) {
	t.Helper()
	var in []step.Input
	for _, s := range sets {
		root := dir(t)
		if err := prediction.Write(root, s); err != nil {
			t.Fatal(err)
		}
		in = append(in, step.Input{Labels: step.Labels{{Axis: "family", Value: s.About.Model}}, FS: root.FS()})
	}
	return execute(t, ctx, in)
}

func execute(t *testing.T, ctx context.Context, in []step.Input) (*prediction.Set, error) {
	t.Helper()
	out, k := dir(t), Kind()
	if err := k.Run(ctx, k.Params(), step.Inputs{"predictions": in}, step.Outputs{"predictions": out}); err != nil {
		return nil, err
	}
	return prediction.Read(out.FS())
}

// TestAverage: the mean of three models, in the order of the first.
func TestAverage(t *testing.T) {
	a, b, c := said("gbt", "realistic", 0.5, 1, 0.25), said("knn", "realistic", 0.25, 0.5, 0.25), said("gru", "realistic", 0, 0, 0.25)
	b.Rows[0], b.Rows[2] = b.Rows[2], b.Rows[0] // another order
	a.Rows[1].Profile = ""                      // one does not know it
	got, err := averageOf(t, t.Context(), a, b, c)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float32{0.25, 0.5, 0.25} {
		r := got.Rows[i]
		if r.P[0] != want || r.P[1] != 1-want || r.Center != float64(5+5*i) || r.Profile != "x" || r.Part != table.Test {
			t.Errorf("row %d is %+v, want %v of clean", i, r, want)
		}
		if predicted := []int32{1, 0, 1}[i]; r.Predicted != predicted {
			t.Errorf("row %d: predicted %d, want %d", i, r.Predicted, predicted)
		}
	}
	if about := got.About; about.Model != "average" || about.View != "realistic" || about.Rounds != 0 ||
		about.Features != 13 || about.Schema != "s" {
		t.Errorf("about %+v", about)
	}
	o := said("knn", "oracle", 0.25, 0.5, 0.25)
	o.About.Schema = "another"
	if got, err = averageOf(t, t.Context(), a, o); err != nil || got.About.View != "oracle" || got.About.Schema != "" {
		t.Errorf("with one that sees all channels: %v, %+v", err, got.About)
	}
	c.About.Model = prediction.ModelName("gru", true)
	for _, order := range [][]*prediction.Set{{a, c}, {c, a}} {
		if got, err = averageOf(t, t.Context(), order...); err != nil || got.About.Model != "average + context" {
			t.Errorf("with one that reads context: %v, %+v", err, got.About)
		}
	}
}

// TestAverageRefuses averages what does not belong together.
func TestAverageRefuses(t *testing.T) {
	const at = `predictions 2 [family=knn] of model "knn": the window at 10 s of episode e of host h `
	const first = `predictions 1 [family=gbt] of model "gbt"`
	for want, spoil := range map[string]func(p *prediction.Set){
		at + "is missing, and " + first + " has it; connect":      func(p *prediction.Set) { p.Rows = append(p.Rows[:1], p.Rows[2]) },
		"the window at 11 s of episode e of host h is not among ": func(p *prediction.Set) { p.Rows[1].Center = 11 },
		at + `is in part "validation", and in part "test" among `: func(p *prediction.Set) { p.Rows[1].Part = table.Validation },
		at + "is said to be armed, and clean among ":              func(p *prediction.Set) { p.Rows[1].Phase = 1 },
		at + "is of profile y, and x among " + first:              func(p *prediction.Set) { p.Rows[1].Profile = "y" },
	} {
		p := said("knn", "realistic", 0.5, 0.5, 0.5)
		spoil(p)
		_, err := averageOf(t, t.Context(), said("gbt", "realistic", 0.5, 0.5, 0.5), p)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestAverageOfTooFew: one is no average, and a folder without predictions is named.
func TestAverageOfTooFew(t *testing.T) {
	if _, err := averageOf(t, t.Context(), said("gbt", "oracle", 1)); err == nil || !strings.Contains(err.Error(), "connect at least two") {
		t.Errorf("error %v", err)
	}
	var empty fs.FS = fstest.MapFS{}
	in := []step.Input{{FS: empty}, {FS: empty}}
	if _, err := execute(t, t.Context(), in); err == nil || !strings.Contains(err.Error(), "predictions 1: predictions: there is no predictions.json") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := averageOf(t, ctx, said("gbt", "oracle", 1), said("knn", "oracle", 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
