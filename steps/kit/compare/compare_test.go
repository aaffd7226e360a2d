package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/score"
	"assay/steps/kit/table"
)

// entry scores episodes of ten windows, one class each. Right is how many windows of
// episode e are predicted right.
func entry(model, view, split, seed string, episodes int, right func(e int) int) Entry {
	out := Entry{Model: model, View: view, Split: split, Seed: seed}
	for e := range episodes {
		phase, wrong := channel.PhaseName(e%2), channel.PhaseName(1-e%2)
		r := right(e)
		for _, c := range []struct {
			as string
			n  int
		}{{phase, r}, {wrong, 10 - r}} {
			if c.n > 0 {
				out.Episodes = append(out.Episodes, score.EpisodeCount{
					Key: table.Key{Host: "h", Episode: fmt.Sprintf("%03d", e)}, Phase: phase, Predicted: c.as,
					Windows: int32(c.n), LogLoss: float64(c.n), Brier: float64(c.n),
				})
			}
		}
	}
	return out
}

func options(measure string) Options {
	return Options{score.Bootstrap{Unit: score.ByEpisode, Resamples: 1000, Level: 0.95, Seed: 1}, measure}
}

func compareAll(t *testing.T, measure string, entries ...Entry) *Comparison {
	t.Helper()
	c, err := Compare(t.Context(), options(measure), entries)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestPairedDifference: two models that fail on the same episodes differ by one window in
// every episode. Each score is uncertain, and the difference is not.
func TestPairedDifference(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	hard := make([]int, 40)
	for i := range hard {
		hard[i] = 2 + rng.IntN(8)
	}
	c := compareAll(t, "accuracy",
		entry("a", "oracle", "s", "", 40, func(e int) int { return hard[e] }),
		entry("b", "oracle", "s", "", 40, func(e int) int { return hard[e] - 1 }),
		entry("c", "oracle", "s", "", 40, func(e int) int { return hard[(e+2)%40] }))
	p := c.Pair(Model{"a", "oracle"}, Model{"b", "oracle"}, "s")
	if math.Abs(float64(p.Difference)-0.1) > 1e-12 || p.High-p.Low > 1e-9 || p.Better != "a" || p.Episodes != 40 {
		t.Errorf("a and b: %+v", p)
	}
	if !math.IsNaN(float64(p.Effect)) {
		t.Errorf("all differences are alike, and the effect is %v", p.Effect)
	}
	if back := c.Pair(Model{"b", "oracle"}, Model{"a", "oracle"}, "s"); back.Better != "b" || back.Difference != -p.Difference || back.High != -p.Low {
		t.Errorf("b and a: %+v", back)
	}
	if s := c.Score(Model{"a", "oracle"}, "s"); s.High-s.Low < 0.05 {
		t.Errorf("the score of a has the interval %v to %v", s.Low, s.High)
	}
	if p := c.Pair(Model{"a", "oracle"}, Model{"c", "oracle"}, "s"); p.Better != "" || p.Adjusted < p.P {
		t.Errorf("a and c: %+v", p)
	}
	beaten, level := c.Rivals(*c.Score(Model{"a", "oracle"}, "s"))
	if fmt.Sprint(beaten, level) != "[b] [c]" {
		t.Errorf("a beats %v and is level with %v", beaten, level)
	}
}

// TestLowerIsBetter: of a loss, the smaller one wins.
func TestLowerIsBetter(t *testing.T) {
	small, big := entry("a", "oracle", "s", "", 30, func(int) int { return 10 }), entry("b", "oracle", "s", "", 30, func(int) int { return 10 })
	for i := range big.Episodes {
		big.Episodes[i].LogLoss *= 2
	}
	c := compareAll(t, "log_loss", small, big)
	if p := c.Pairs[0]; p.Better != "a" || p.Difference != -1 {
		t.Errorf("%+v", p)
	}
}

// TestSeedsAreNotData: three seeds of one model are averaged, with their deviation beside,
// and the interval is not narrower than that of one.
func TestSeedsAreNotData(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	hard := make([]int, 40)
	for i := range hard {
		hard[i] = 3 + rng.IntN(5)
	}
	seed := func(n int) Entry {
		return entry("a", "oracle", "s", fmt.Sprint(n), 40, func(e int) int { return hard[e] + n })
	}
	one, three := compareAll(t, "accuracy", seed(1)), compareAll(t, "accuracy", seed(0), seed(1), seed(2))
	s, of := three.Scores[0], one.Scores[0]
	if s.Seeds != 3 || math.Abs(float64(s.SD)-0.1) > 1e-12 || math.Abs(float64(s.Mean-of.Mean)) > 1e-12 {
		t.Errorf("three seeds %+v, one %+v", s, of)
	}
	if width, want := s.High-s.Low, of.High-of.Low; math.Abs(float64(width-want)) > 1e-9 {
		t.Errorf("interval of %v, want %v as for one seed", width, want)
	}
	if !math.IsNaN(float64(of.SD)) {
		t.Errorf("one seed deviates by %v", of.SD)
	}
}

// TestViewsAndSplits: oracle is compared with realistic, on each split and on the mean of
// the splits that both were scored on.
func TestViewsAndSplits(t *testing.T) {
	var entries []Entry
	for i, view := range []string{"realistic", "oracle"} {
		for j, split := range []string{"s", "t"} {
			entries = append(entries, entry("a", view, split, "", 20+j, func(e int) int { return 5 + i + j + e%3 }))
		}
	}
	entries = append(entries, entry("b", "oracle", "s", "", 20, func(e int) int { return e % 9 }))
	c := compareAll(t, "macro_f1", entries...)
	a, o := Model{"a", "realistic"}, Model{"a", "oracle"}
	p := c.Pair(a, o, AllSplits)
	if p == nil || p.Family != Views || p.Better != "b" || p.Episodes != 41 {
		t.Errorf("views on all splits: %+v", p)
	}
	s, u := c.Pair(a, o, "s"), c.Pair(a, o, "t")
	if got, want := float64(p.Difference), float64(s.Difference+u.Difference)/2; math.Abs(got-want) > 1e-12 {
		t.Errorf("the mean difference is %v, want %v", got, want)
	}
	if c.Score(Model{"b", "oracle"}, AllSplits) != nil {
		t.Error("b was scored on one split and has a mean over all")
	}
	if c.Score(Model{"b", "oracle"}, "s") == nil || len(c.Models) != 3 {
		t.Errorf("scores %+v", c.Scores)
	}
}

func TestCompareRefuses(t *testing.T) {
	right := func(int) int { return 5 }
	a, b := entry("a", "oracle", "s", "", 5, right), entry("b", "oracle", "s", "", 6, right)
	_, err := Compare(t.Context(), options("accuracy"), []Entry{a, b})
	if err == nil || !strings.Contains(err.Error(), "episode 005 of host h has 0 windows of phase armed in one and 10 in the other") {
		t.Errorf("error %v", err)
	}
	if _, err := Compare(t.Context(), options("ece"), []Entry{a}); err == nil || !strings.Contains(err.Error(), "want one of") {
		t.Errorf("error %v", err)
	}
}
