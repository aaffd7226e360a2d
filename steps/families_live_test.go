package steps_test

import (
	"math"
	"slices"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/live"
	"assay/steps/kit/live/livetest"
	"assay/steps/kit/model"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// TestDetectSaysWhatPredictSays trains every family, feeds the episodes of the validation and test
// part to a live detector line by line in the order of time, and compares windows and predictions
// with those of the kinds features and predict, bit for bit. Last comes the mean of all families.
func TestDetectSaysWhatPredictSays(t *testing.T) {
	for _, grid := range []string{grid, gridInContext} {
		w := newWorld(t, grid, func(fstest.MapFS) {})
		var voices []live.Voice
		var said []step.Input
		for _, k := range families() {
			made := w.train(t, k, nil)
			if made.err != nil {
				t.Fatalf("%s: %v", k.Name, made.err)
			}
			m, err := saved.Open(made.model)
			if err != nil {
				t.Fatal(err)
			}
			voice := live.Voice{Name: k.Name, Model: m}
			p, err := prediction.Read(made.predictions)
			if err != nil {
				t.Fatal(err)
			}
			detectAgain(t, w, k.Name, []live.Voice{voice}, p)
			voices, said = append(voices, voice), append(said, step.Input{FS: made.predictions})
		}
		p, err := prediction.Read(execute(t, "average", "{}", step.Inputs{"predictions": said})["predictions"])
		if err != nil {
			t.Fatal(err)
		}
		detectAgain(t, w, "average", voices, p)
	}
}

// detectAgain compares what voices say live with predictions.
func detectAgain(t *testing.T, w *world, name string, voices []live.Voice, want *prediction.Set) {
	t.Helper()
	byEpisode := map[table.Key][]table.Prediction{}
	for _, r := range want.Rows {
		byEpisode[r.Key] = append(byEpisode[r.Key], r)
	}
	if len(byEpisode) == 0 {
		t.Fatalf("%s: there are no predictions", name)
	}
	for key, rows := range byEpisode {
		heard := detect(t, w, key, voices)
		for _, r := range rows {
			got, ok := heard[r.Center]
			switch {
			case !ok || got.Provisional:
				t.Fatalf("%s: no window at %v s of %v, or it is provisional", name, r.Center, key)
			case !slices.EqualFunc(got.P[:], r.P[:], same):
				t.Fatalf("%s: the window at %v s of %v has %v live and %v else", name, r.Center, key, got.P, r.P)
			case !slices.EqualFunc(got.X, w.features(key, r.Center), same):
				t.Fatalf("%s: the window at %v s of %v has other features live", name, r.Center, key)
			}
		}
	}
}

func same(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b }

// detect returns the windows of an episode, by their centres.
func detect(t *testing.T, w *world, key table.Key, voices []live.Voice) map[float64]live.Window {
	t.Helper()
	lines, zero := livetest.Lines(t, w.episodes, key.Host+"/"+key.Episode+".tar.zst")
	heard := map[float64]live.Window{}
	d, err := live.New(live.Options{Models: voices, Grid: model.Grid{Window: 4, Stride: 2}, Start: zero, HasStart: true,
		Lateness: 3, Wait: 600}, func(said *live.Window) error {
		one := *said
		one.X = slices.Clone(one.X)
		heard[one.Center] = one
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if err := d.Line(l.Text); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.End(); err != nil {
		t.Fatal(err)
	}
	return heard
}

// features returns the features of a window, without their context.
func (w *world) features(key table.Key, center float64) []float32 {
	for r := range w.windows.Len() {
		if w.windows.Episodes[w.windows.Episode[r]].Key == key && w.windows.Center[r] == center {
			return w.windows.Row(r)[:channel.NumFeatures]
		}
	}
	return nil
}
