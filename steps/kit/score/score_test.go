package score

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// sample are eighteen windows; scikit-learn 1.9 gives the numbers expected of
// them below. Class 5 is never seen, class 4 never predicted.
var sample = [2][]int32{
	{0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 0, 3, 2},
	{0, 0, 3, 1, 1, 2, 2, 2, 2, 3, 3, 0, 3, 3, 3, 0, 3, 3},
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func TestConfusionAgainstScikitLearn(t *testing.T) {
	var c Confusion
	for i, y := range sample[0] {
		c.Add(y, sample[1][i])
	}
	if got, want := c.MacroF1(), 0.5261904761904762; !near(got, want) {
		t.Errorf("macro F1 %v, want %v", got, want)
	}
	if got, want := c.Accuracy(), 0.6666666666666666; !near(got, want) {
		t.Errorf("accuracy %v, want %v", got, want)
	}
	if got := c.Seen(); !slices.Equal(got, []int{0, 1, 2, 3, 4}) {
		t.Errorf("seen %v", got)
	}
	for k, want := range []ClassScore{
		{"clean", 0.75, 0.6, 0.6666666666666666, 5, 4},
		{"armed", 0.5, 0.5, 0.5, 2, 2},
		{"infecting", 0.75, 0.75, 0.75, 4, 4},
		{"infected_running", 0.625, 0.8333333333333334, 0.7142857142857143, 6, 8},
		{"dormant", 0, 0, 0, 1, 0},
	} {
		got := c.Class(k)
		if got.Class != want.Class || !near(got.Precision, want.Precision) || !near(got.Recall, want.Recall) ||
			!near(got.F1, want.F1) || got.Support != want.Support || got.Predicted != want.Predicted {
			t.Errorf("class %d: %+v, want %+v", k, got, want)
		}
	}
}

func TestConfusionOfNothing(t *testing.T) {
	var c Confusion
	if c.MacroF1() != 0 || c.Accuracy() != 0 || len(c.Seen()) != 0 {
		t.Error("nothing was counted and something came out")
	}
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
	m, err := Score(p, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	f1 := []float64{2. / 3, 0, 0.5} // clean, infecting, running
	if !near(m.MacroF1, (f1[0]+f1[1]+f1[2])/3) || m.Accuracy != 0.5 || m.Windows != 4 || m.Episodes != 2 {
		t.Errorf("macro F1 %v, accuracy %v, %d windows, %d episodes", m.MacroF1, m.Accuracy, m.Windows, m.Episodes)
	}
	if want := (math.Log(2)*2 + 0 - math.Log(1e-16)) / 4; !near(m.LogLoss, want) {
		t.Errorf("log loss %v, want %v", m.LogLoss, want)
	}
	if want := []string{"clean", "infecting", "infected_running"}; !slices.Equal(m.Labels, want) {
		t.Errorf("labels %v, want %v", m.Labels, want)
	}
	if want := [][]int{{1, 0, 0}, {0, 0, 1}, {1, 0, 1}}; !reflect.DeepEqual(m.Confusion, want) {
		t.Errorf("confusion %v, want %v", m.Confusion, want)
	}
	if want := []ProfileScore{{"x", 2, 1, 1. / 3, 0.5}, {"y", 2, 1, 1. / 3, 0.5}}; !reflect.DeepEqual(m.ByProfile, want) {
		t.Errorf("profiles %+v, want %+v", m.ByProfile, want)
	}
	if !slices.Equal(m.Untested, []string{"z"}) || m.ByEpisodes["test"] != 2 {
		t.Errorf("untested %v, episodes %v", m.Untested, m.ByEpisodes)
	}
}

func TestScoreRefuses(t *testing.T) {
	p, a := scored()
	a.Rows[1].Part = table.Train
	if _, err := Score(p, a, nil); err == nil || !strings.Contains(err.Error(), `predicted as part "test" but is in part "train"`) {
		t.Errorf("error %v", err)
	}
	p, a = scored()
	p.Rows, a.Rows = p.Rows[:1], a.Rows[2:]
	if _, err := Score(p, a, nil); err == nil || !strings.Contains(err.Error(), "nothing to score") {
		t.Errorf("error %v", err)
	}
}
