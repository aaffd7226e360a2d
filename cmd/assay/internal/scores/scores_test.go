package scores

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"assay/artifacts"
	"assay/artifacts/store/storetest"
	"assay/cmd/assay/internal/scores/scorestest"
	"assay/steps/kit/measure"
)

// constant is a model that is right in the same number of windows of every episode.
func constant(model, view string, right int) scorestest.Eval {
	return scorestest.Eval{Model: model, View: view, Episodes: 10, Right: func(int) int { return right }, Level: 0.95}
}

// TestRead: an artifact is an evaluation by its content; of one of eval's that cannot be
// read, Read says why, and it passes over anything else.
func TestRead(t *testing.T) {
	s, _ := storetest.Open(t)
	lock := &artifacts.Lock{}
	add := func(name, kind string, content map[string]string) {
		lock.Artifacts = append(lock.Artifacts, scorestest.Artifact(t, s, name, kind, "{}", name, content))
	}
	add("eval[hold=sample,view=oracle,seed=2].report", "eval@3", constant("gbt", "oracle", 9).Files(t))
	add("own.out", "exec@2", constant("own", "oracle", 8).Files(t))
	add("other.out", "exec@2", map[string]string{"metrics.json": `{"accuracy": 1}`})
	add("text.out", "exec@2", map[string]string{"a.txt": "a"})
	add("old.report", "eval@2", map[string]string{"metrics.json": `{"model": "gbt", "macro_f1": 0.5, "labels": []}`})
	add("wrong.report", "eval@3", map[string]string{"metrics.json": `{"model": 7}`})
	add("lost.report", "eval@3", map[string]string{"metrics.json": "{}"})
	lost, err := s.ReadTree(lock.Artifacts[6].Digest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(s.Path(lost[0].Digest)); err != nil {
		t.Fatal(err)
	}
	lock.Artifacts = append(lock.Artifacts,
		artifacts.LockedArtifact{Name: "gone.report", Kind: "eval@3"}, artifacts.LockedArtifact{Name: "gone.model", Kind: "train/gbt@2"})
	list, missing := Read(s, lock)
	if len(list) != 2 || list[0].Model != "gbt" || list[0].Split != "sample seed=2" || list[0].Place != "sample" ||
		list[0].Seed != "2" || list[0].Step != "eval" || list[1].Split != "host h" {
		t.Errorf("evaluations %+v", list)
	}
	var said []string
	for _, m := range missing {
		said = append(said, m.Artifact+": "+m.Why)
	}
	got := strings.Join(said, "\n")
	for _, want := range []string{"old.report: it has no metrics that this version of assay can read (eval@2)",
		"wrong.report: it has no metrics", "lost.report: not in the store", "gone.report: not in the store"} {
		if !strings.Contains(got, want) {
			t.Errorf("missing\n%s\nit lacks %s", got, want)
		}
	}
	if len(missing) != 4 {
		t.Errorf("missing\n%s\nwant 4", got)
	}
}

func TestNode(t *testing.T) {
	for name, want := range map[string]string{
		"gbt": "gbt []", "gbt.model": "gbt []", "gbt[a=b].model": "gbt [a=b]", "gbt[a=1.5,b=x]": "gbt [a=1.5 b=x]",
		"a]b[c": "a]b[c []", "": " []", "[": "[ []", "a[].o": "a []",
	} {
		step, labels := Node(name)
		if got := step + " [" + strings.Join(labels, " ") + "]"; got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

// TestTable: a row for each model, the best of a column marked, seeds averaged, columns
// that do not fit below.
func TestTable(t *testing.T) {
	s, _ := storetest.Open(t)
	lock := &artifacts.Lock{}
	for name, e := range map[string]scorestest.Eval{
		"eval[hold=sample,view=oracle].report":           constant("gbt", "oracle", 9),
		"eval[hold=host,view=oracle].report":             constant("gbt", "oracle", 7),
		"knn-eval[hold=sample,view=oracle,seed=1].out":   constant("knn", "oracle", 10),
		"knn-eval[hold=sample,view=oracle,seed=2].out":   constant("knn", "oracle", 8),
		"knn-eval[hold=host,view=oracle,seed=1].out":     constant("knn", "oracle", 6),
		"eval[hold=sample,view=realistic].report":        constant("gbt\x1b[31m", "realistic", 9),
		"twice[hold=sample,view=oracle].report":          constant("mlp", "oracle", 5),
		"twice-again[hold=sample,view=oracle].report":    constant("mlp", "oracle", 4),
		"knn-eval[hold=host,view=oracle,seed=two].other": constant("knn", "oracle", 6),
	} {
		lock.Artifacts = append(lock.Artifacts, scorestest.Artifact(t, s, name, "eval@3", "{}", name, e.Files(t)))
	}
	lock.Text() // sorts
	list, missing := Read(s, lock)
	if len(missing) > 0 {
		t.Fatal(missing)
	}
	table, err := NewTable(t.Context(), list, measure.All()[0])
	if err != nil {
		t.Fatal(err)
	}
	for file, width := range map[string]int{"testdata/wide.txt": 100, "testdata/narrow.txt": 50} {
		var got bytes.Buffer
		if err := table.Text(&got, Level(list), width); err != nil {
			t.Fatal(err)
		}
		golden(t, file, got.Bytes())
	}
	var got bytes.Buffer
	if err := WriteCSV(&got, Lines(list[:2], []string{"macro_f1", "brier"})); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/lines.csv", got.Bytes())
}

var update = flag.Bool("update", false, "write the golden files")

// golden compares with a file.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s (%v)\ngot\n%s\nwant\n%s", file, err, got, want)
	}
}

// TestLowerIsBetter: of a loss the lowest is marked; equal ones all are.
func TestLowerIsBetter(t *testing.T) {
	list := []*Cell{{Value: 0.5}, {Value: 0.2}, {Value: 0.2001}, nil}
	for lower, want := range map[bool]int{true: 1, false: 0} {
		for _, c := range list[:3] {
			c.Best = false
		}
		(&Table{Measure: measure.Measure{Lower: lower}}).markBest(append([]*Cell{}, list...))
		if !list[want].Best || list[1-want].Best || list[2].Best != lower {
			t.Errorf("lower %v: marked %v %v %v", lower, list[0].Best, list[1].Best, list[2].Best)
		}
	}
}
