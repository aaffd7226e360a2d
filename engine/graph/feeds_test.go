package graph_test

import (
	"slices"
	"strings"
	"testing"

	"assay/artifacts"
)

// TestFeeds looks at what the nodes read: a source, an output twice, and both by one port.
func TestFeeds(t *testing.T) {
	g, _, bad := resolve(t, head+`
  a: {uses: strip, in: {text: data}}
  b: {uses: copy, in: {text: a.text, more: a.text}}
  c: {uses: join, in: {texts: [data, a.text, b.text]}}
`)
	if bad != "" {
		t.Fatal(bad)
	}
	want := map[string]struct{ feeds, upstream []string }{
		"a": {[]string{"text=data"}, nil},
		"b": {[]string{"text=a.text", "more=a.text"}, []string{"a", "a"}},
		"c": {[]string{"texts=data", "texts=a.text", "texts=b.text"}, []string{"a", "b"}},
	}
	for _, n := range g.Nodes {
		var feeds, upstream []string
		for port, f := range n.Feeds() {
			from := f.Source
			if f.Node != nil {
				from = f.Node.Name() + "." + f.Output
			}
			feeds = append(feeds, port.Name+"="+from)
		}
		for up := range n.Upstream() {
			upstream = append(upstream, up.Name())
		}
		if w := want[n.Name()]; !slices.Equal(feeds, w.feeds) || !slices.Equal(upstream, w.upstream) {
			t.Errorf("%s reads %q, from %q; want %q, %q", n.Name(), feeds, upstream, w.feeds, w.upstream)
		}
		for range n.Feeds() { // a loop may end early
			break
		}
		for range n.Upstream() {
			break
		}
	}
}

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
