package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/score"
	"assay/steps/kit/table"
)

const hostile = "<script>alert(1)</script>\x1b[31m\u202e&\"'`"

// estimates are names and values, without intervals.
func estimates(pairs ...any) []score.Estimate {
	var list []score.Estimate
	for i := 0; i < len(pairs); i += 2 {
		v := 0.0
		switch x := pairs[i+1].(type) {
		case float64:
			v = x
		case int:
			v = float64(x)
		}
		list = append(list, score.Estimate{Name: pairs[i].(string), Value: score.Number(v)})
	}
	return append(list, score.Estimate{Name: "accuracy"}, score.Estimate{Name: "log_loss"})
}

// evaluation is an eval's artifact of six windows.
func evaluation(t *testing.T, m score.Metrics) fs.FS {
	t.Helper()
	m.Labels = []string{"clean", "infected_running"}
	m.Classes = []score.ClassScore{
		{Class: "clean", Measures: estimates("precision", 0.5, "recall", 1, "f1", 2./3), Support: 2, Predicted: 4},
		{Class: "infected_running", Measures: estimates("precision", 1, "recall", 0.5, "f1", 2./3), Support: 4, Predicted: 2},
	}
	m.Confusion = [][]int{{2, 0}, {2, 2}}
	m.Groups = []score.Group{{By: "profile", Name: hostile, Windows: 6, Episodes: 2, Measures: estimates("macro_f1", 2./3)}}
	m.Windows, m.Episodes, m.Rounds, m.Features = 6, 2, 12, 9
	m.ByEpisodes = map[string]int{"train": 8, "validation": 2, "test": 2, "excluded": 0}
	root := dir(t)
	if err := score.WriteMetrics(root, &m); err != nil {
		t.Fatal(err)
	}
	return root.FS()
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

func index(t *testing.T) fs.FS {
	t.Helper()
	rows := []table.Episode{
		{Key: table.Key{Host: "h1", Episode: "e1"}, Status: table.Accepted, Profile: "io-walk"},
		{Key: table.Key{Host: "h1", Episode: "e2"}, Status: table.Degraded, Profile: hostile, Reasons: []string{"rule: " + hostile}},
		{Key: table.Key{Host: "h2", Episode: "e3"}, Status: table.Errored, Reasons: []string{strings.Repeat("long ", 500), "b", "c", "d", "e", "f"}},
	}
	var b bytes.Buffer
	if err := table.WriteIndex(&b, rows); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"index.parquet": {Data: b.Bytes()}}
}

func at(pairs ...string) step.Labels {
	var l step.Labels
	for i := 0; i < len(pairs); i += 2 {
		l = append(l, step.Label{Axis: pairs[i], Value: pairs[i+1]})
	}
	return l
}

// evaluations are two splits by two views, one of them missing.
func evaluations(t *testing.T) []step.Input {
	host, sample := score.Split{By: "host", Test: []string{"h1"}}, score.Split{By: "sample", Test: []string{"s"}}
	none := []string{}
	return []step.Input{
		{Labels: at("hold", "host-h1", "view", "realistic"), FS: evaluation(t, score.Metrics{Model: "gbt", View: "realistic", Split: host, Measures: estimates("macro_f1", 0.5), Untested: []string{"scan_and_dial", hostile}})},
		{Labels: at("hold", "host-h1", "view", "oracle"), FS: evaluation(t, score.Metrics{Model: "gbt", View: "oracle", Split: host, Measures: estimates("macro_f1", 2./3), Untested: []string{"scan_and_dial", hostile}})},
		{Labels: at("hold", "sample", "view", "oracle"), FS: evaluation(t, score.Metrics{Model: "gbt", View: "oracle", Split: sample, Measures: estimates("macro_f1", 1), Untested: none})},
	}
}

func report(t *testing.T, evals []step.Input) fs.FS {
	t.Helper()
	k, out := Kind(), dir(t)
	err := k.Run(t.Context(), k.Params(), step.Inputs{"evals": evals, "index": {{FS: index(t)}}}, step.Outputs{"page": out})
	if err != nil {
		t.Fatal(err)
	}
	return out.FS()
}

func read(t *testing.T, fsys fs.FS, name string) string {
	t.Helper()
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSummary(t *testing.T) {
	want := `macro F1 on the test part

  split    realistic  oracle  windows  episodes
  host-h1      0.500   0.667        6         2
  sample           –   1.000        6         2

untested profiles (trained on, absent from the test part)

  host-h1  scan_and_dial, <script>alert(1)</script>�[31m�&"'` + "`\n"
	if got := read(t, report(t, evaluations(t)), "summary.txt"); got != want {
		t.Errorf("summary.txt is\n%s\nwant\n%s", got, want)
	}
}

func TestSummaryOfSeveralModels(t *testing.T) {
	evals := evaluations(t)
	evals = append(evals, step.Input{
		Labels: at("hold", "host-h1", "view", "oracle", "seed", "3"),
		FS:     evaluation(t, score.Metrics{Model: "knn", View: "oracle", Split: score.Split{By: "host", Test: []string{"h1"}}, Measures: estimates("macro_f1", 0.25), Untested: []string{}}),
	}, step.Input{
		Labels: at("hold", "host-h1", "view", "oracle"),
		FS:     evaluation(t, score.Metrics{Model: "knn", View: "oracle", Split: score.Split{By: "host", Test: []string{"h1"}}, Measures: estimates("macro_f1", 0.75), Untested: []string{}}),
	})
	got := read(t, report(t, evals), "summary.txt")
	for _, want := range []string{
		"  split           model  realistic  oracle  windows  episodes\n",
		"  host-h1         gbt        0.500   0.667        6         2\n                  knn            –   0.750        6         2\n",
		"  host-h1 seed=3  knn            –   0.250        6         2\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("summary.txt is\n%s\nit lacks\n%s", got, want)
		}
	}
}

func TestPageIsSafeAndWhole(t *testing.T) {
	page := read(t, report(t, evaluations(t)), "report.html")
	if n := strings.Count(page, "<script"); n != 0 {
		t.Errorf("%d scripts in the page", n)
	}
	for _, never := range []string{"\x1b", "\u202e", "ZgotmplZ", "http:", "https:", "src=", "<link", "url(", "@import"} {
		if strings.Contains(page, never) {
			t.Errorf("the page contains %q", never)
		}
	}
	for _, want := range []string{
		"&lt;script&gt;alert(1)", "host-h1", "scan_and_dial", "macro F1", "By profile", "prefers-color-scheme: dark",
		`style="--v:50"`, "infected running predicted as clean: 2 (50 %)", "3 episodes were checked", "and 2 more",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if longest := regexp.MustCompile(`(long ){41}`).FindString(page); longest != "" {
		t.Error("a reason was not cut")
	}
	balanced(t, page)
}

// balanced checks that every element that opens closes, in order.
func balanced(t *testing.T, page string) {
	t.Helper()
	void := map[string]bool{"meta": true}
	var open []string
	for _, m := range regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)[^>]*>`).FindAllStringSubmatch(page, -1) {
		switch {
		case void[m[2]]:
		case m[1] == "":
			open = append(open, m[2])
		case len(open) == 0 || open[len(open)-1] != m[2]:
			t.Fatalf("</%s> closes %v", m[2], open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("never closed: %v", open)
	}
}

func TestSameBytesTwice(t *testing.T) {
	a, b := report(t, evaluations(t)), report(t, evaluations(t))
	for _, name := range []string{"report.html", "summary.txt", "metrics.csv", "metrics.tex"} {
		if read(t, a, name) != read(t, b, name) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

func TestMetricsCSV(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(read(t, report(t, evaluations(t)), "metrics.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 4 {
		t.Fatalf("%d rows, want a heading and 3", len(rows))
	}
	if got := fmt.Sprint(rows[2][:7], rows[2][11:13]); got != "[host-h1 host gbt oracle 0.6666666666666666 0 0] [0.6666666666666666 ]" {
		t.Errorf("row of host-h1, oracle: %s", got)
	}
}

func TestMetricsTeX(t *testing.T) {
	got := read(t, report(t, evaluations(t)), "metrics.tex")
	for _, want := range []string{
		"\\begin{tabular}{lrrrr}\n\\toprule\nsplit & realistic & oracle & windows & episodes \\\\\n\\midrule\nhost-h1 & 0.500 & 0.667 & 6 & 2 \\\\\n",
		`Untested in host-h1: scan\_and\_dial, \textless{}script\textgreater{}`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("metrics.tex is\n%s\nit lacks\n%s", got, want)
		}
	}
}

func TestReportRefuses(t *testing.T) {
	two := evaluations(t)[:1]
	two = append(two, two[0])
	for want, evals := range map[string][]step.Input{
		"there is no evaluation":               nil,
		"are of one model, view and split":     two,
		"evaluation hold=x: open metrics.json": {{Labels: at("hold", "x"), FS: fstest.MapFS{}}},
		"the tables do not fit the 1 labels":   {{Labels: at("hold", "x"), FS: fstest.MapFS{"metrics.json": {Data: []byte(`{"labels":["clean"]}`)}}}},
	} {
		if _, err := collect(evals); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestValidationBounds(t *testing.T) {
	var all []table.Episode
	for i := range 50 {
		all = append(all, table.Episode{Key: table.Key{Host: "h", Episode: fmt.Sprintf("e%02d", i)}, Status: []table.Status{table.Degraded, table.Errored}[i%2]})
	}
	v := newValidation(all, 30)
	if len(v.Listed) != 30 || v.Unlisted != 20 || v.NotAccepted() != 50 {
		t.Errorf("%d listed, %d not", len(v.Listed), v.Unlisted)
	}
	if v.Listed[0].Status != "errored" || v.Listed[24].Episode != "e49" || v.Listed[25].Status != "degraded" {
		t.Errorf("the order is %+v", v.Listed)
	}
	if v.ByHost[0].Total != 50 || v.ByHost[0].Counts[1] != 25 {
		t.Errorf("by host %+v", v.ByHost)
	}
}

func TestTexEscapes(t *testing.T) {
	if got, want := tex(`a_b%c\{}$&#^~`), `a\_b\%c\textbackslash{}\{\}\$\&\#\textasciicircum{}\textasciitilde{}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWriteFailureIsReported(t *testing.T) {
	all, err := collect(evaluations(t))
	if err != nil {
		t.Fatal(err)
	}
	pg, err := newPage(Params{}, all, newValidation(nil, 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(io.Writer) error{pg.write, all.writeSummary, all.writeTeX} {
		if write(full{}) == nil {
			t.Error("a full disk went unnoticed")
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
