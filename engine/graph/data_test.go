package graph_test

import (
	"os"
	"strings"
	"testing"

	"assay/artifacts"
	"assay/artifacts/filetest"
)

// TestAxesFromData takes the values of axes from a source.
func TestAxesFromData(t *testing.T) {
	t.Chdir(t.TempDir())
	filetest.WriteFiles(t, "data", map[string]string{"h1/a.csv": "", "h1/b.csv": "", "h2/a.csv": "", "h2/x.txt": "",
		"list": "7\r\n\n  10 \n7\n", "t.tsv": "\xef\xbb\xbfhost\tn\n\"b c\"\t1\na\t\n"})
	const a = "  a: {uses: strip, in: {text: data}, matrix: "
	for axis, want := range map[string]string{
		`{h: {folders: "data/*"}}`:                                   "a[h=h1] a[h=h2]",
		`{e: {files: "data/h1/*.csv"}}`:                              "a[e=a] a[e=b]",
		`{h: {files: "data/{h}/{e}.csv"}, v: [x]}`:                   "a[h=h1,e=a,v=x] a[h=h1,e=b,v=x] a[h=h2,e=a,v=x]",
		`{h: {files: "data/{h}/{e}.csv"}, exclude: [{e: a}]}`:        "a[h=h1,e=b]",
		`{h: {files: "data/{h}/*.csv"}}`:                             "a[h=h1] a[h=h2]",
		`{h: {files: "data/**/{h}.{txt,tsv}"}}`:                      "a[h=t] a[h=x]",
		`{n: {lines: data/list}}`:                                    "a[n=10] a[n=7]",
		`{n: {column: {table: data/t.tsv, name: host}}}`:             "a[n=a] a[n=b_c]",
		`{n: {column: {table: "data/t.${ext}", name: "${column}"}}}`: "a[n=1]",
	} {
		_, got, bad := resolve(t, strings.Replace(head, "late: time", "late: time, ext: tsv, column: n", 1)+a+axis+"}\n")
		if got != want || bad != "" {
			t.Errorf("%s: %s, want %s\n%s", axis, got, want, bad)
		}
	}
}

// TestValuesFromDataArePlain takes names that look like something else.
func TestValuesFromDataArePlain(t *testing.T) {
	t.Chdir(t.TempDir())
	filetest.WriteFiles(t, "data", map[string]string{"list": "${late}\n007\n12\n-3\n*\n"})
	g, _, bad := resolve(t, head+"  a: {uses: strip, in: {text: data}, matrix: {x: {lines: data/list}}, "+
		"with: {suffix: \"${x}\"}}\n")
	var got []string
	for _, n := range g.Nodes {
		got = append(got, string(n.Params))
	}
	all := strings.Join(got, " ")
	for _, want := range []string{`"${late}"`, `"007"`, `"12"`, `"-3"`, `"*"`} {
		if bad != "" || !strings.Contains(all, want) {
			t.Errorf("%s is not in %s %s", want, all, bad)
		}
	}
	if _, _, bad := resolve(t, head+"  a: {uses: strip, in: {text: data}, matrix: {x: {lines: data/list}}, "+
		"with: {n: \"${x}\"}}\n"); !strings.Contains(bad, `"007"`) || strings.Contains(bad, "found 12") {
		t.Errorf("whole numbers: %s", bad)
	}
}

// TestDataThatChangesWhileTheGraphGrows looks at a source again when the graph grows.
func TestDataThatChangesWhileTheGraphGrows(t *testing.T) {
	t.Chdir(t.TempDir())
	filetest.WriteFiles(t, "data", map[string]string{"a": "1\n2\n"})
	g, _, bad := resolve(t, head+cut+"  m: {uses: strip, in: {text: data}, matrix: {x: {lines: data/a}, y: {lines: cut.text/l}}}\n")
	if bad != "" {
		t.Fatal(bad)
	}
	m := made{"cut.text/l": "y\n"}
	filetest.WriteFiles(t, "data", map[string]string{"b": ""}) // the names are those of before, too
	if next, bad := grown(t, g, m); bad != "" || len(next.Nodes) != 3 {
		t.Errorf("%d nodes: %s", len(next.Nodes), bad)
	}
	filetest.WriteFiles(t, "data", map[string]string{"a": "1\n3\n"})
	if _, bad := grown(t, g, m); !strings.Contains(bad, "axis x: a changed while the recipe ran; run again") {
		t.Error(bad)
	}
}

// TestCheckData notices what changed after the axes were taken.
func TestCheckData(t *testing.T) {
	t.Chdir(t.TempDir())
	filetest.WriteFiles(t, "data", map[string]string{"a": "1\n2\n", "b": ""})
	g, _, bad := resolve(t, head+"  a: {uses: strip, in: {text: data/b}, matrix: {x: {lines: data/a}}}\n")
	if names := g.Data(); bad != "" || len(names) != 1 || names[0] != "data" {
		t.Fatalf("%q %s", names, bad)
	}
	some, _ := g.Select([]string{"a[x=1]"})
	text, _ := os.ReadFile("data/a")
	same := artifacts.Tree{{Name: "a", Digest: artifacts.Of(text)}, {Name: "b", Digest: artifacts.Of([]byte("any"))}}
	for name, c := range map[string]struct {
		tree artifacts.Tree
		ok   bool
	}{
		"as it was": {same, true},
		"more":      {append(same[:2:2], artifacts.File{Name: "c"}), false},
		"less":      {same[:1], false},
		"content":   {artifacts.Tree{{Name: "a"}, same[1]}, false},
	} {
		if err := some.CheckData("data", c.tree); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := g.CheckData("other", nil); err != nil {
		t.Error(err)
	}
}
