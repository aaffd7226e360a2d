package results

import (
	"math"
	"os"
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/kit/compare"
	"assay/steps/kit/score"
)

func dir(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// eval is an evaluation with a score of its own for each of two profiles.
func eval(t *testing.T, model, hold, seed string, f1 float64) step.Input {
	t.Helper()
	root := dir(t)
	of := func(v float64) []score.Estimate {
		return []score.Estimate{{Name: "macro_f1", Value: score.Number(v), Percentile: [2]score.Number{score.Number(v - 0.1), score.Number(v + 0.1)},
			BCa: [2]score.Number{score.Number(math.NaN()), score.Number(math.NaN())}}}
	}
	if err := score.WriteMetrics(root, &score.Metrics{Model: model, View: "oracle", Measures: of(f1), Windows: 4,
		Groups: []score.Group{{By: "profile", Name: "a", Windows: 3, Episodes: 1, Measures: of(f1)}, {By: "profile", Name: "b", Windows: 1, Episodes: 1, Measures: of(0)}},
	}); err != nil {
		t.Fatal(err)
	}
	labels := step.Labels{{Axis: "hold", Value: hold}}
	if seed != "" {
		labels = append(labels, step.Label{Axis: "seed", Value: seed})
	}
	return step.Input{Labels: labels, FS: root.FS(), From: model + "-eval.report", Digest: "d"}
}

func collect(t *testing.T, c *compare.Comparison, list ...step.Input) *Results {
	t.Helper()
	root := dir(t)
	if err := compare.Write(root, c); err != nil {
		t.Fatal(err)
	}
	r, err := Collect(list, root.FS())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCollect(t *testing.T) {
	a, b := compare.Model{Model: "a", View: "oracle"}, compare.Model{Model: "b", View: "oracle"}
	r := collect(t, &compare.Comparison{Measure: "macro_f1", Models: []compare.Model{a, b},
		Scores: []compare.Score{{Model: b, Split: "s", Low: 0.3, High: 0.7}, {Model: a, Split: OverAll, Low: 0.2, High: 0.4}},
		Pairs:  []compare.Pair{{A: a, B: b, Split: "s", Difference: -0.2}, {A: a, B: b, Split: OverAll, Better: "b"}},
	}, eval(t, "a", "s", "", 0.4), eval(t, "a", "t", "", 0.2), eval(t, "b", "s", "1", 0.7), eval(t, "b", "s", "2", 0.5), eval(t, "b", "t", "1", 0.5))
	if got := strings.Join(r.Models, " ") + "; " + strings.Join(r.Columns(), " "); got != "b a; s t "+OverAll {
		t.Errorf("models and columns: %s", got)
	}
	if r.Best("oracle", "s") != "b" || r.Next("oracle", "s", "b") != "a" {
		t.Errorf("best %s, next %s", r.Best("oracle", "s"), r.Next("oracle", "s", "b"))
	}
	c := r.Cell("b", "oracle", "s")
	if math.Abs(c.Value-0.6) > 1e-12 || math.Abs(c.SD-0.1*math.Sqrt2) > 1e-12 || c.Low != 0.3 || !c.Best || len(c.Evals) != 2 {
		t.Errorf("two seeds: %+v", c)
	}
	if c := r.Cell("a", "oracle", "s"); math.Abs(c.Low-0.3) > 1e-12 || c.Best || !c.Level {
		t.Errorf("one seed: %+v", c)
	}
	if c := r.Cell("a", "oracle", OverAll); math.Abs(c.Value-0.3) > 1e-12 || c.High != 0.4 || c.Level {
		t.Errorf("the mean: %+v", c)
	}
	if e := r.Cell("a", "oracle", "t").Evals[0]; e.Node != "a-eval[hold=t]" || e.Output != "report" || e.ID != "e2" || e.Digest != "d" {
		t.Errorf("origin %+v", e)
	}
}

// TestGather: means are weighed by windows, and each split counts once.
func TestGather(t *testing.T) {
	r := collect(t, &compare.Comparison{Measure: "macro_f1", Models: []compare.Model{{}}},
		eval(t, "a", "s", "", 0.4), eval(t, "a", "t", "", 0.2), eval(t, "b", "s", "", 0.8))
	g := r.Gather(Groupings()[1])
	if strings.Join(g.Names, " ") != "a b" || g.Windows["a"] != 6 || g.Episodes["b"] != 2 {
		t.Errorf("%+v", g)
	}
	if v := g.Of("a", "oracle", "a"); math.Abs(v-0.3) > 1e-12 {
		t.Errorf("mean %v", v)
	}
	if v := g.Of("b", "realistic", "a"); !math.IsNaN(v) {
		t.Errorf("of no evaluation: %v", v)
	}
}

func TestQuoted(t *testing.T) {
	if got, want := Quoted("it's"), `'it'\''s'`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if node, out := NodeOf(step.Input{From: "corpus"}); node != "corpus" || out != "" {
		t.Errorf("a source is %q, %q", node, out)
	}
}
