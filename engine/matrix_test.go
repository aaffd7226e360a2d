package engine_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"assay/engine"
)

func contextWithCancel(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

const matrixed = `
params: {word: x}
sources: {data: data}
steps:
  a:
    uses: strip
    matrix: {hold: [{by: host, test: [h1, h2]}, {by: time}], view: [low, high]}
    in: {text: data}
    with: {suffix: "${view} ${word}\n", words: ["${word}"]}
  b:
    uses: copy
    matrix: {hold: a.hold, view: a.view}
    in: {text: a.text}
  c:
    uses: join
    matrix: {hold: a.hold}
    in: {texts: b.text}
  all: {uses: join, in: {texts: [c.text, b.text]}}
`

func TestMatrixJoinsByName(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "")
	_, rs, err := l.run(matrixed)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := l.content(rs, "c[hold=host-h1+h2]", "in.txt"), "[view=low] low x\n[view=high] high x\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	all := l.content(rs, "all", "in.txt")
	if !strings.HasPrefix(all, "[hold=host-h1+h2] [view=low] low x\n") || strings.Count(all, "hold=time,view=high") != 1 {
		t.Errorf("all: %q", all)
	}
}

func TestAddingAValueRunsOnlyWhatIsNew(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	text := strings.ReplaceAll(matrixed, "${view} ${word}", "${view}")
	if _, _, err := l.run(text); err != nil {
		t.Fatal(err)
	}
	more := strings.Replace(text, "{by: time}", "{by: time}, {by: sample}", 1)
	_, plan, err := l.engine().Inspect(t.Context(), l.graph(more))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range plan {
		if p.State != engine.UpToDate {
			got = append(got, fmt.Sprintf("%s %s", p.State, p.Node.Name()))
		}
	}
	// Nothing here uses ${hold}, so the new nodes at hold=sample have the same actions as
	// before. Only all runs, since it has one more input.
	if want := "will run all"; strings.Join(got, ",") != want {
		t.Errorf("plan: %s, want %s", strings.Join(got, ","), want)
	}
	ran, _, err := l.run(more)
	if err != nil || strings.Contains(ran, "strip") {
		t.Errorf("ran %q, %v", ran, err)
	}
}

const sharded = `
shards: 4
sources: {data: data}
steps:
  e1: {uses: each, in: {files: data}}
  e2: {uses: each2, in: {files: e1.text}}
`

func TestShards(t *testing.T) {
	l := newLab(t)
	for i := range 40 {
		l.write(fmt.Sprintf("data/f%02d.txt", i), fmt.Sprint("text ", i))
	}
	l.write("data/README.md", "not for the step")
	text := strings.Replace(sharded, "  e2: {uses: each2, in: {files: e1.text}}\n", "", 1)
	rs := l.mustRun(text, "each each each each")
	tree := rs.Outcomes[rs.Graph.Nodes[0]].Outputs["text"]
	if len(tree) != 40 {
		t.Errorf("%d files came out", len(tree))
	}
	for _, f := range tree {
		if !strings.HasPrefix(f.Name, "shard-0") {
			t.Errorf("file %s is in no shard", f.Name)
		}
	}
	l.write("data/f07.txt", "changed")
	l.mustRun(text, "each")
	l.write("data/README.md", "changed")
	l.mustRun(text, "")
	os.Remove("data/f07.txt")
	l.mustRun(text, "each")
	l.write("data/new.txt", "added")
	l.mustRun(text, "each")
}

func TestSelect(t *testing.T) {
	l := newLab(t)
	g := l.graph(matrixed)
	for target, want := range map[string]int{"a": 4, "c[hold=time]": 5, "b[view=low]": 4, "[ab]": 8, "all": len(g.Nodes)} {
		sub, err := g.Select([]string{target})
		if target == "[ab]" { // brackets are coordinates, not a pattern
			if err == nil {
				t.Error("a bare bracket matched")
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(sub.Nodes) != want {
			t.Errorf("%s selects %d nodes, want %d", target, len(sub.Nodes), want)
		}
	}
	if _, err := g.Select([]string{"alll"}); err == nil || !strings.Contains(err.Error(), `did you mean "all"`) {
		t.Errorf("error %v", err)
	}
}

// The error for a wrong target says what to write instead.
func TestTargetMistakes(t *testing.T) {
	l := newLab(t)
	g := l.graph(matrixed)
	for target, want := range map[string]string{
		"b[view=low":           "b[view=low lacks its closing bracket; write it as 'b[view=low]'",
		"b]":                   "b] closes a bracket that it does not open; write it as b[axis=value]",
		"b[]":                  "b[]: \"\" within the brackets is not a coordinate; write it as 'b[axis=value]'",
		"b[low]":               "b[low]: \"low\" within the brackets is not a coordinate; write it as 'b[axis=value]'",
		"b[view=low,nope=]":    "b[view=low,nope=]: \"nope=\" within the brackets is not a coordinate; write it as 'b[axis=value]'",
		"[ab]":                 "[ab]: \"ab\" within the brackets is not a coordinate; write it as 'STEP[axis=value]'",
		"b[view=lo]":           "no node is named b[view=lo] (known: b[hold=host-h1+h2,view=low], b[hold=host-h1+h2,view=high], b[hold=time,view=low], b[hold=time,view=high])",
		"all.text":             "all.text is an output; name the node that makes it: all",
		"b[view=low].text":     "b[view=low].text is an output; name the node that makes it: b[view=low]",
		"all.texts":            "no node is named all.texts (known: a, b, c, all)",
		"b[view=low].nonsense": "no node is named b[view=low].nonsense (known: b[hold=host-h1+h2,view=low], b[hold=host-h1+h2,view=high], b[hold=time,view=low], b[hold=time,view=high])",
	} {
		if _, err := g.Find(target); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", target, err, want)
		}
	}
}
