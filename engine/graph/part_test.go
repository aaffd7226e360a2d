package graph_test

import (
	"strings"
	"testing"

	"assay/artifacts"
	"assay/engine/glob"
	"assay/engine/graph"
)

// treeOf returns a tree with files of these names, which are sorted.
func treeOf(names string) artifacts.Tree {
	var t artifacts.Tree
	for name := range strings.FieldsSeq(names) {
		t = append(t, artifacts.File{Name: name})
	}
	return t
}

func namesIn(t artifacts.Tree) string {
	var b strings.Builder
	for _, f := range t {
		b.WriteString(" " + f.Name)
	}
	return strings.TrimSpace(b.String())
}

func TestPart(t *testing.T) {
	const all = "a.csv a/1.txt a/2.txt a/b/3.txt ab b/1.txt"
	for _, c := range []struct{ pattern, files, msg, hint string }{
		{"a/1.txt", "a/1.txt", "", ""},
		{"a/*.txt", "a/1.txt a/2.txt", "", ""},
		{"a/**", "a/1.txt a/2.txt a/b/3.txt", "", ""},
		{"**/1.txt", "a/1.txt b/1.txt", "", ""},
		{"*", "a.csv ab", "", ""},
		{"{b,a/b}/*", "a/b/3.txt b/1.txt", "", ""},
		{"a", "", `"a" is a folder in data`, "data/a/**"},
		{"a/b", "", `"a/b" is a folder in data`, "data/a/b/**"},
		{"a/1.tx", "", `data has no file "a/1.tx"`, `did you mean "a/1.txt"?`},
		{"zz/*", "", `data has no file "zz/*"`, "known: "},
	} {
		p, err := glob.Parse(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		part := &graph.Part{Pattern: p}
		msg, hint := part.Missing("data", treeOf(all))
		if got := namesIn(part.Of(treeOf(all))); got != c.files || msg != c.msg || !strings.Contains(hint, c.hint) {
			t.Errorf("%s: %q, %q (%s)", c.pattern, got, msg, hint)
		}
	}
	var whole *graph.Part
	if got := namesIn(whole.Of(treeOf(all))); got != all {
		t.Errorf("no part: %q", got)
	}
}

// TestTaken looks at which files of a source the nodes read: those of their paths that their ports take.
func TestTaken(t *testing.T) {
	g, _, bad := resolve(t, head+`
  a: {uses: strip, matrix: {s: [x, "y*"]}, in: {text: "data/${s}.csv"}}
  b: {uses: each, in: {files: "data/{a,b,x}*"}}
  c: {uses: copy, in: {text: "a.text/${v}"}, matrix: {s: [x], v: [1, 2]}}
`)
	if bad != "" {
		t.Fatal(bad)
	}
	files := treeOf("a.txt b.csv c.txt sub/2.txt x.csv y*.csv yy.csv")
	trees := map[string]artifacts.Tree{"data": files, "other": files}
	if got := namesIn(g.Taken(trees)["data"]); got != "a.txt x.csv y*.csv" {
		t.Errorf("taken: %s", got)
	}
	if got := namesIn(g.Taken(trees)["other"]); got != "" {
		t.Errorf("taken of a source that nobody reads: %s", got)
	}
	var parts []string
	for _, n := range g.Nodes {
		for _, f := range n.Feeds() {
			parts = append(parts, f.Part.Pattern.String())
		}
	}
	if got := strings.Join(parts, " "); got != `x.csv y\*.csv {a,b,x}* 1 2` {
		t.Errorf("parts: %s", got)
	}
}
