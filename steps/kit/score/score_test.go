package score

import (
	"bytes"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/channel"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

// options draw few resamples.
func options() Options {
	return Options{Bootstrap{Unit: "episode", Resamples: 200, Level: 0.95, Seed: 1}, []float64{0, 1}}
}

// scored is a small set of predictions: two test episodes of two profiles and
// one validation episode that must not count.
func scored() (*prediction.Set, *table.Assignment) {
	key := func(e string) table.Key { return table.Key{Host: "h", Episode: e} }
	row := func(e, profile string, part table.Part, center float64, phase int32, p [6]float32) table.Prediction {
		r := table.Prediction{Key: key(e), Profile: profile, Part: part, Center: center, Phase: phase, P: p}
		r.Predicted = r.Best()
		return r
	}
	p := &prediction.Set{About: prediction.About{Model: "gbt", View: "oracle", Rounds: 3, Features: 9, Schema: "s", Classes: channel.Phases()}}
	p.Rows = []table.Prediction{
		row("v", "x", table.Validation, 5, 1, [6]float32{1, 0, 0, 0, 0, 0}),
		row("a", "x", table.Test, 5, 0, [6]float32{0.5, 0.25, 0.25, 0, 0, 0}),
		row("a", "x", table.Test, 10, 3, [6]float32{0.5, 0, 0, 0.5, 0, 0}),
		row("b", "y", table.Test, 5, 3, [6]float32{0, 0, 0, 1, 0, 0}),
		row("b", "y", table.Test, 10, 2, [6]float32{0, 0, 0, 1, 0, 0}),
	}
	a := &table.Assignment{
		Info: table.SplitInfo{By: "host", Test: []string{"h"}, UntestedProfiles: []string{"z"}, Episodes: map[table.Part]int{table.Test: 2}},
		Rows: []table.AssignmentRow{
			{Key: key("a"), Part: table.Test}, {Key: key("b"), Part: table.Test}, {Key: key("v"), Part: table.Validation},
		},
	}
	return p, a
}

// TestScoreByHand: windows clean→clean, running→clean (a tie goes to the first
// class), running→running, infecting→running.
func TestScoreByHand(t *testing.T) {
	p, a := scored()
	r, err := Score(t.Context(), options(), p, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := r.Metrics
	f1 := []float64{2. / 3, 0, 0.5} // clean, infecting, running
	if !near(m.Value("macro_f1"), (f1[0]+f1[1]+f1[2])/3) || m.Value("accuracy") != 0.5 || m.Windows != 4 || m.Episodes != 2 {
		t.Errorf("macro F1 %v, accuracy %v, %d windows, %d episodes", m.Value("macro_f1"), m.Value("accuracy"), m.Windows, m.Episodes)
	}
	if want := (math.Log(2)*2 + 0 - math.Log(0x1p-52)) / 4; !near(m.Value("log_loss"), want) {
		t.Errorf("log loss %v, want %v", m.Value("log_loss"), want)
	}
	if want := []string{"clean", "infecting", "infected_running"}; !slices.Equal(m.Labels, want) {
		t.Errorf("labels %v, want %v", m.Labels, want)
	}
	if want := [][]int{{1, 0, 0}, {0, 0, 1}, {1, 0, 1}}; !reflect.DeepEqual(m.Confusion, want) {
		t.Errorf("confusion %v, want %v", m.Confusion, want)
	}
	if g := m.Groups[1]; g.By != "profile" || g.Name != "y" || g.Windows != 2 || g.Episodes != 1 || !near(float64(g.Measures[0].Value), 1./3) {
		t.Errorf("second group %+v", g)
	}
	if c := m.Classes[0]; c.Class != "clean" || c.Episodes != 1 || c.Support != 1 || c.Predicted != 2 {
		t.Errorf("first class %+v", c)
	}
	if !slices.Equal(m.Untested, []string{"z"}) || m.ByEpisodes["test"] != 2 {
		t.Errorf("untested %v, episodes %v", m.Untested, m.ByEpisodes)
	}
}

func TestScoreRefuses(t *testing.T) {
	p, a := scored()
	a.Rows[1].Part = table.Train
	if _, err := Score(t.Context(), options(), p, a, nil); err == nil || !strings.Contains(err.Error(), `predicted as part "test" but is in part "train"`) {
		t.Errorf("error %v", err)
	}
	p, a = scored()
	p.Rows, a.Rows = p.Rows[:1], a.Rows[2:]
	if _, err := Score(t.Context(), options(), p, a, nil); err == nil || !strings.Contains(err.Error(), "nothing to score") {
		t.Errorf("error %v", err)
	}
}

// TestScoreByWindow draws windows: more units, and so narrower intervals here.
func TestScoreByWindow(t *testing.T) {
	p, a := scored()
	o := options()
	o.Unit = ByWindow
	r, err := Score(t.Context(), o, p, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	accuracy, _ := Find(r.Metrics.Measures, "accuracy")
	if low, high := accuracy.Interval(); !(low < 0.5 && 0.5 < high) || accuracy.Resamples != 200 {
		t.Errorf("accuracy %+v", accuracy)
	}
	if r.Metrics.Episodes != 2 {
		t.Errorf("%d episodes, want 2", r.Metrics.Episodes)
	}
}

// TestMetricsRoundTrip writes a number that is not defined and reads it back.
func TestMetricsRoundTrip(t *testing.T) {
	p, a := scored()
	r, err := Score(t.Context(), options(), p, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := WriteMetrics(root, r.Metrics); err != nil {
		t.Fatal(err)
	}
	got, err := ReadMetrics(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	if g := got.Groups[0].Measures[0]; !math.IsNaN(float64(g.BCa[0])) || math.IsNaN(float64(g.Value)) {
		t.Errorf("one episode has no BCa interval, got %+v", g)
	}
	if _, ok := Find(got.Measures, "nosuch"); ok || !math.IsNaN(got.Value("nosuch")) {
		t.Error("a measure of no name was found")
	}
}

func TestEpisodesRoundTrip(t *testing.T) {
	p, a := scored()
	r, err := Score(t.Context(), options(), p, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteEpisodes(&b, r.Episodes); err != nil {
		t.Fatal(err)
	}
	got, err := ReadEpisodes(fstest.MapFS{EpisodesFile: {Data: b.Bytes()}})
	if err != nil || !reflect.DeepEqual(got, r.Episodes) {
		t.Errorf("read %+v (%v), want %+v", got, err, r.Episodes)
	}
	for want, spoil := range map[string]func(*EpisodeCount){
		"are not phases":      func(r *EpisodeCount) { r.Phase = "nosuch" },
		"0 windows":           func(r *EpisodeCount) { r.Windows = 0 },
		"is not possible":     func(r *EpisodeCount) { r.Brier = -1 },
		"row 2 (the first is": func(r *EpisodeCount) { r.LogLoss = 1e300 },
	} {
		rows := slices.Clone(r.Episodes)
		spoil(&rows[2])
		b.Reset()
		if err := WriteEpisodes(&b, rows); err != nil {
			t.Fatal(err)
		}
		_, err := ReadEpisodes(fstest.MapFS{EpisodesFile: {Data: b.Bytes()}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestOptionsCheck(t *testing.T) {
	for want, spoil := range map[string]func(*Options){
		"unit is":           func(o *Options) { o.Unit = "" },
		"resamples is":      func(o *Options) { o.Resamples = -1 },
		"level is":          func(o *Options) { o.Level = 1 },
		"false_alarms has ": func(o *Options) { o.FalseAlarms = []float64{math.NaN()} },
		"at most 20":        func(o *Options) { o.FalseAlarms = make([]float64, 21) },
	} {
		o := options()
		spoil(&o)
		if err := o.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
