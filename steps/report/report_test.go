package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/alarm"
	"assay/steps/kit/compare"
	"assay/steps/kit/score"
	"assay/steps/kit/table"
)

const hostile = "<script>alert(1)</script>\x1b[31m\u202e&\"'`"

// estimates are names and values, with intervals a tenth wide.
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
		nan := score.Number(math.NaN())
		list = append(list, score.Estimate{Name: pairs[i].(string), Value: score.Number(v),
			Percentile: [2]score.Number{score.Number(v - 0.05), score.Number(v + 0.05)}, BCa: [2]score.Number{nan, nan}})
	}
	return append(list, score.Estimate{Name: "accuracy"}, score.Estimate{Name: "log_loss"})
}

// evaluation is an eval's artifact of six windows.
func evaluation(t *testing.T, m score.Metrics) fs.FS {
	t.Helper()
	m.Labels = []string{"clean", "infected_running"}
	m.Classes = []score.ClassScore{
		{Class: "clean", Measures: estimates("precision", 0.5, "recall", 1, "f1", 2./3), Support: 2, Predicted: 4, Episodes: 1},
		{Class: "infected_running", Measures: estimates("precision", 1, "recall", 0.5, "f1", 0.25), Support: 4, Predicted: 2, Episodes: 2},
	}
	m.Confusion = [][]int{{2, 0}, {2, 2}}
	m.Groups = []score.Group{{By: "profile", Name: hostile, Windows: 6, Episodes: 2, Measures: estimates("macro_f1", 2./3)}}
	m.Calibration = []score.Bin{{Low: 0.4, High: 0.5, Windows: 20, Confidence: 0.45, Accuracy: 0.5}, {Low: 0.9, High: 1, Windows: 30, Confidence: 0.95, Accuracy: 0.9}}
	m.Alarms = []score.Operation{{Budget: 1, Test: &alarm.Outcome{CleanHours: 2, FalseAlarms: 3, Detected: 4, Malicious: 5, Benign: 6,
		Delays: []alarm.Delay{{Profile: hostile, Episodes: 5, Detected: 4, Median: 7.5}}}}, {Budget: 10}}
	m.Windows, m.Episodes, m.Rounds, m.Features = 6, 2, 12, 9
	m.ByEpisodes = map[string]int{"train": 8, "validation": 2, "test": 2, "excluded": 0}
	m.Bootstrap = score.Bootstrap{Unit: "episode", Resamples: 100, Level: 0.95}
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

// eval is an evaluation on the host split, with the labels of a recipe.
func eval(t *testing.T, model, view string, f1 float64, more ...string) step.Input {
	return step.Input{Labels: at(append([]string{"hold", "host-h1", "view", view}, more...)...), From: model + "-eval.report", Digest: strings.Repeat("ab", 32),
		FS: evaluation(t, score.Metrics{Model: model, View: view, Split: score.Split{By: "host", Test: []string{"h1"}},
			Measures: estimates("macro_f1", f1), Untested: []string{"scan_and_dial", hostile}})}
}

// evaluations are two splits by two views, one of them missing.
func evaluations(t *testing.T) []step.Input {
	sample := step.Input{Labels: at("hold", "sample", "view", "oracle"), FS: evaluation(t, score.Metrics{Model: "gbt", View: "oracle",
		Split: score.Split{By: "sample", Test: []string{"s"}}, Measures: estimates("macro_f1", 1), Untested: []string{}})}
	return []step.Input{eval(t, "gbt", "realistic", 0.5), eval(t, "gbt", "oracle", 2./3), sample}
}

// training is a model's artifact of three epochs.
const training = `{"params": {"view": "oracle", "hidden": 64}, "best_epoch": 1, "epochs": [
	{"train": 2, "validation": 2}, {"train": 1, "validation": 1.5}, {"train": 0.5, "validation": null}]}`

// rest is the inputs that a recipe may leave out.
func rest(t *testing.T) step.Inputs {
	root := dir(t)
	a, b := compare.Model{Model: "gbt", View: "oracle"}, compare.Model{Model: "knn", View: "oracle"}
	if err := compare.Write(root, &compare.Comparison{
		Measure: "macro_f1", Splits: []string{"host-h1"}, Models: []compare.Model{a, b},
		Scores: []compare.Score{{Model: a, Split: "host-h1", Seeds: 2, Mean: 0.5, Low: 0.4, High: 0.6}},
		Pairs:  []compare.Pair{{Family: compare.Models, A: a, B: b, Split: "host-h1", Difference: 0.25, Low: 0.1, High: 0.4, Adjusted: 0.001, Better: "a"}},
	}); err != nil {
		t.Fatal(err)
	}
	return step.Inputs{
		"comparison": {{FS: root.FS()}},
		"models":     {{Labels: at("hold", "host-h1", "view", "oracle"), From: "gru.model", FS: fstest.MapFS{"training.json": {Data: []byte(training)}}}},
		"recipe":     {{From: "recipe", FS: fstest.MapFS{"paper.yaml": {Data: []byte("name: paper # " + hostile + "\n\tx: 1\n")}}}},
	}
}

func report(t *testing.T, evals []step.Input, more step.Inputs) fs.FS {
	t.Helper()
	k, out := Kind(), dir(t)
	in := step.Inputs{"evals": evals, "index": {{FS: index(t)}}}
	for port, list := range more {
		in[port] = list
	}
	if err := k.Run(t.Context(), k.Params(), in, step.Outputs{"page": out}); err != nil {
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

// contains checks that a file has some texts.
func contains(t *testing.T, fsys fs.FS, name string, want ...string) {
	t.Helper()
	got := read(t, fsys, name)
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s lacks %q", name, w)
		}
	}
}

func TestSummary(t *testing.T) {
	want := `macro F1 on the test part, with 95 % intervals

                   host-h1          sample   mean
  realistic  0.500 .45–.55               –      –
  oracle     0.667 .62–.72  1.000 .95–1.05  0.833
  windows                6               6
  episodes               2               2

untested profiles (trained on, absent from the test part)

  host-h1  scan_and_dial, <script>alert(1)</script>�[31m�&"'` + "`\n"
	if got := read(t, report(t, evaluations(t), nil), "summary.txt"); got != want {
		t.Errorf("summary.txt is\n%s\nwant\n%s", got, want)
	}
}

// TestModelsAndSeeds: the best model comes first; seeds are averaged, and are not a split.
func TestModelsAndSeeds(t *testing.T) {
	evals := []step.Input{eval(t, "gbt", "oracle", 0.6, "seed", "1"), eval(t, "knn", "oracle", 0.7), eval(t, "gbt", "oracle", 0.4, "seed", "2")}
	out := report(t, evals, nil)
	contains(t, out, "summary.txt", "  oracle\n    knn     *0.700 .65–.75\n    gbt          0.500±.14\n")
	contains(t, out, "headline.tex", "knn & \\textbf{0.700} {\\scriptsize .65--.75} \\\\\ngbt & 0.500$\\pm$0.141 \\\\\n")
	contains(t, out, "report.html", "<b>knn</b> is best with the oracle view: macro F1 <b>0.700</b> (.65–.75) on host-h1, 0.200 ahead of gbt.",
		"no comparison is connected", "<small>±0.141</small>")
	out = report(t, evals, rest(t))
	contains(t, out, "summary.txt", "0.500±.14 .40–.60")
	contains(t, out, "report.html", "cannot tell") // knn's lead is not what the comparison says
}

// TestWholeSize: seventeen models on three splits and two views fit a terminal of 100 columns.
func TestWholeSize(t *testing.T) {
	var evals []step.Input
	for i := range 17 {
		for _, view := range []string{"realistic", "oracle"} {
			for _, hold := range []string{"host-lab-d4", "sample", "time-20%"} {
				e := eval(t, fmt.Sprintf("transformer%d", i), view, 0.5)
				e.Labels = at("hold", hold, "view", view)
				evals = append(evals, e)
			}
		}
	}
	out := report(t, evals, nil)
	for _, line := range strings.Split(read(t, out, "summary.txt"), "\n") {
		if n := len([]rune(line)); n > 100 && !strings.Contains(line, "alert") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if n := len(read(t, out, "report.html")); n > 1<<20 {
		t.Errorf("the page has %d bytes", n)
	}
}

func TestPageIsSafeAndWhole(t *testing.T) {
	out := report(t, evaluations(t), rest(t))
	page := read(t, out, "report.html")
	if n := strings.Count(page, "<script"); n != 0 {
		t.Errorf("%d scripts in the page", n)
	}
	for _, never := range []string{"\x1b", "\u202e", "ZgotmplZ", "http:", "https:", "src=", "<link", "url(", "@import", "NaN", "%!"} {
		if strings.Contains(page, never) {
			t.Errorf("the page contains %q", never)
		}
	}
	contains(t, out, "report.html",
		"&lt;script&gt;alert(1)", "host-h1", "scan_and_dial", "prefers-color-scheme: dark", "infected running predicted as clean: 2 (50 %)",
		"3 episodes were checked", "and 2 more", `href="#e2">0.667</a>`, `id="e2"`, "assay show RECIPE &#39;gbt-eval[hold=host-h1,view=oracle].report/metrics.json&#39;",
		strings.Repeat("ab", 32), "4 of 5", "7.5 s", "gru[hold=host-h1,view=oracle]", "&#34;hidden&#34;: 64", "name: paper #", "var(--s1)")
	if longest := regexp.MustCompile(`(long ){41}`).FindString(page); longest != "" {
		t.Error("a reason was not cut")
	}
	balanced(t, page)
	anchored(t, page)
}

// balanced checks that every element that opens closes, in order.
func balanced(t *testing.T, page string) {
	t.Helper()
	void := map[string]bool{"meta": true, "path": true}
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

// anchored checks that every link leads to one place of the page.
func anchored(t *testing.T, page string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if n := strings.Count(page, `id="`+strings.TrimPrefix(m[1], "#")+`"`); n != 1 || m[1][0] != '#' {
			t.Errorf("%d places are %s", n, m[1])
		}
	}
}

func TestSameBytesTwice(t *testing.T) {
	a, b := report(t, evaluations(t), rest(t)), report(t, evaluations(t), rest(t))
	n := 0
	err := fs.WalkDir(a, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if n++; read(t, a, name) != read(t, b, name) {
			t.Errorf("%s differs between two runs", name)
		}
		return nil
	})
	if err != nil || n < 18 {
		t.Errorf("%d files, %v", n, err)
	}
}

func TestMetricsCSV(t *testing.T) {
	out := report(t, evaluations(t), rest(t))
	rows, err := csv.NewReader(strings.NewReader(read(t, out, "metrics.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 4 {
		t.Fatalf("%d rows, want a heading and 3", len(rows))
	}
	if got := fmt.Sprint(rows[2][:8]); got != "[host-h1 host gbt oracle  0.6666666666666666 0.6166666666666666 0.7166666666666667]" {
		t.Errorf("row of host-h1, oracle: %s", got)
	}
	contains(t, out, "per_class.csv", "host-h1,host,gbt,oracle,,infected_running,4,2,2,1,")
	contains(t, out, "groups.csv", "host-h1,host,gbt,oracle,,profile,\"<script>")
	contains(t, out, "comparison.csv", "models,host-h1,gbt,oracle,knn,oracle,0.25,0.1,0.4,0,0.001,0,0,a")
}

// TestCSVFormulas: what a spreadsheet would take for a formula is a text; numbers stay.
func TestCSVFormulas(t *testing.T) {
	root := dir(t)
	if err := writeCSV(root, "x.csv", [][]string{{"=1+1", "@x", "-0.5", "-a", "+b", "", "ok"}}); err != nil {
		t.Fatal(err)
	}
	if got, want := read(t, root.FS(), "x.csv"), "'=1+1,'@x,-0.5,'-a,'+b,,ok\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTeX(t *testing.T) {
	out := report(t, evaluations(t), rest(t))
	contains(t, out, "headline.tex", "& \\multicolumn{3}{c}{realistic} & \\multicolumn{3}{c}{oracle} \\\\",
		`Untested in host-h1: scan\_and\_dial, \textless{}script\textgreater{}`)
	contains(t, out, "by_phase.tex", "infected running & 0.25 & 8 & 4 \\\\\n")
}

func TestReportRefuses(t *testing.T) {
	broken := func(port, file, text string) step.Inputs {
		return step.Inputs{port: {{Labels: at("hold", "x"), FS: fstest.MapFS{file: {Data: []byte(text)}}}}}
	}
	good := evaluations(t)
	for want, c := range map[string]struct {
		evals []step.Input
		more  step.Inputs
	}{
		"there is no evaluation":                 {nil, nil},
		"are of one model, view, split and seed": {[]step.Input{good[0], good[0]}, nil},
		"evaluation hold=x: open metrics.json":   {[]step.Input{{Labels: at("hold", "x"), FS: fstest.MapFS{}}}, nil},
		"comparison: comparison.json: it names":  {good, broken("comparison", "comparison.json", "{}")},
		"model hold=x: open training.json":       {good, broken("models", "x", "")},
		"model hold=x: training.json: params":    {good, broken("models", "training.json", `{"params": 3}`)},
	} {
		k, in := Kind(), step.Inputs{"evals": c.evals, "index": {{FS: index(t)}}}
		for port, list := range c.more {
			in[port] = list
		}
		err := k.Run(t.Context(), k.Params(), in, step.Outputs{"page": dir(t)})
		if err == nil || !strings.Contains(err.Error(), want) {
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

func TestWriteFailureIsReported(t *testing.T) {
	d, err := newDocument(Params{Title: "x"}, In{Evals: evaluations(t), Index: index(t)})
	if err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(io.Writer) error{pageOf(d, nil).write, d.writeSummary} {
		if write(full{}) == nil {
			t.Error("a full disk went unnoticed")
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
