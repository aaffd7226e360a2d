package compare

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/score"
	"assay/steps/kit/table"
)

// evaluation is one of twenty episodes with ten windows each, some of them right.
func evaluation(t *testing.T, model, view string, right int) step.Input {
	t.Helper()
	root := dir(t)
	var rows []score.EpisodeCount
	for e := range 20 {
		for i, n := range []int{right, 10 - right} {
			rows = append(rows, score.EpisodeCount{
				Key: table.Key{Host: "h", Episode: fmt.Sprintf("%02d", e)}, Phase: "clean", Predicted: []string{"clean", "armed"}[i],
				Windows: int32(n),
			})
		}
	}
	m := &score.Metrics{Model: model, View: view, Split: score.Split{By: "host", Test: []string{"h"}}}
	for _, err := range []error{
		score.WriteMetrics(root, m),
		files.Write(root, score.EpisodesFile, func(w io.Writer) error { return score.WriteEpisodes(w, rows) }),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return step.Input{Labels: step.Labels{{Axis: "view", Value: view}}, FS: root.FS()}
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

func TestKind(t *testing.T) {
	k, out := Kind(), dir(t)
	in := step.Inputs{"evals": {evaluation(t, "gbt", "oracle", 9), evaluation(t, "knn", "oracle", 6)}}
	if err := k.Run(t.Context(), k.Params(), in, step.Outputs{"comparison": out}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"comparison.txt": "gbt    oracle",
		"scores.csv":     "gbt,oracle,host h,1,",
		"pairs.csv":      "models,host h,gbt,oracle,knn,oracle,",
	} {
		got, err := fs.ReadFile(out.FS(), name)
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s is\n%s(%v), it lacks %q", name, got, err, want)
		}
	}
}

func TestKindRefuses(t *testing.T) {
	k := Kind()
	twice := []step.Input{evaluation(t, "gbt", "oracle", 9), evaluation(t, "gbt", "oracle", 6)}
	for want, in := range map[string][]step.Input{
		"there is no evaluation":                 nil,
		"are of one model, view, split and seed": twice,
	} {
		err := k.Run(t.Context(), k.Params(), step.Inputs{"evals": in}, step.Outputs{"comparison": dir(t)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	p := Params{Measure: "accuracy", Resamples: 5, Level: 0.95}
	if err := p.Check(); err == nil || !strings.Contains(err.Error(), "resamples is 5") {
		t.Errorf("error %v", err)
	}
}
