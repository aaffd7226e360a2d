package graph_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"assay/artifacts"
	"assay/engine/graph"
	"assay/engine/recipe"
)

// made is what nodes made: files by "node.output/file".
type made map[string]string

// lookup implements graph.Lookup for all steps.
func (m made) lookup(_, node, output string) (artifacts.Tree, fs.FS, bool) {
	files := fstest.MapFS{}
	var t artifacts.Tree
	for name, text := range m {
		if file, ok := strings.CutPrefix(name, node+"."+output+"/"); ok {
			files[file] = &fstest.MapFile{Data: []byte(text)}
			t = append(t, artifacts.File{Name: file, Digest: artifacts.Of([]byte(text))})
		}
	}
	artifacts.SortTree(t)
	return t, files, len(t) > 0
}

// state names the nodes of a graph, and after a bar the steps that are not known yet with what they wait for.
func state(g *graph.Graph) string {
	var words []string
	for _, n := range g.Nodes {
		words = append(words, n.Name())
	}
	words = append(words, "|")
	for _, l := range g.Later {
		words = append(words, l.Step+"("+strings.Join(l.Waits(), ",")+")")
	}
	return strings.Join(words, " ")
}

// grown returns the graph that is known with what was made, or its mistakes.
func grown(t *testing.T, g *graph.Graph, m made) (*graph.Graph, string) {
	t.Helper()
	var ms recipe.Mistakes
	next, err := g.Grow(m.lookup, &ms)
	if err != nil {
		t.Fatal(err)
	}
	if err := ms.Err(); err != nil {
		return nil, err.Error()
	}
	return next, ""
}

const cut = "  cut: {uses: copy, in: {text: data}}\n"

// TestAxesFromWhatIsMade takes the values of axes from the output of a step.
func TestAxesFromWhatIsMade(t *testing.T) {
	m := made{"cut.text/a/1.txt": "", "cut.text/a/2.txt": "", "cut.text/b/1.txt": "", "cut.text/list": "10\n\n9\n10\n",
		"cut.text/t.csv": "host,n\nx y,1\nz,2\n"}
	for axis, want := range map[string]string{
		`{p: {files: "cut.text/a/*.txt"}}`:                           "m[p=1] m[p=2]",
		`{f: {folders: "cut.text/*"}, v: [x]}`:                       "m[f=a,v=x] m[f=b,v=x]",
		`{f: {files: "cut.text/{f}/{p}.txt"}}`:                       "m[f=a,p=1] m[f=a,p=2] m[f=b,p=1]",
		`{f: {files: "cut.text/{f}/{p}.txt"}, exclude: [{p: 1}]}`:    "m[f=a,p=2]",
		`{n: {lines: cut.text/list}, include: [{n: 11}]}`:            "m[n=10] m[n=9] m[n=11]",
		`{h: {column: {table: cut.text/t.csv, name: host}}}`:         "m[h=x_y] m[h=z]",
		`{h: {column: {table: cut.text/t.csv, name: host}}, p: r.p}`: "m[h=x_y,p=1] m[h=z,p=1]",
	} {
		g, _, bad := resolve(t, head+cut+"  m: {uses: copy, in: {text: data}, matrix: "+axis+"}\n"+
			"  r: {uses: copy, in: {text: data}, matrix: {p: [1]}}\n")
		if want := "cut r[p=1] | m(cut)"; bad != "" || state(g) != want {
			t.Errorf("%s: before: %s, want %s\n%s", axis, state(g), want, bad)
			continue
		}
		next, bad := grown(t, g, m)
		if want := "cut " + want + " r[p=1] |"; bad != "" || strings.TrimSpace(state(next)) != want {
			t.Errorf("%s: %s, want %s", axis, bad+state(next), want)
		}
	}
}

const chained = head + cut + `  map: {uses: strip, in: {text: data}, matrix: {x: {lines: cut.text/l}}, with: {suffix: "${x}"}}
  sum: {uses: join, in: {texts: map.text}}
  two: {uses: copy, in: {text: sum.text}, matrix: {y: {lines: sum.text/l}, x: map.x}}
  same: {uses: copy, in: {text: two.text}, matrix: two}
  free: {uses: copy, in: {text: data}}
`

// TestGrowth grows a graph twice: an axis of what depends on an axis of what is made.
func TestGrowth(t *testing.T) {
	g, _, bad := resolve(t, chained)
	if want := "cut free | map(cut) sum(map) two(map,sum) same(two)"; bad != "" || state(g) != want {
		t.Fatalf("%s, want %s\n%s", state(g), want, bad)
	}
	one, bad := grown(t, g, made{"cut.text/l": "1\n2\n"})
	if want := "cut map[x=1] map[x=2] sum free | two(sum) same(two)"; bad != "" || state(one) != want {
		t.Fatalf("%s, want %s\n%s", state(one), want, bad)
	}
	all, bad := grown(t, one, made{"cut.text/l": "1\n2\n", "sum.text/l": "a\n"})
	if want := "cut map[x=1] map[x=2] sum two[y=a,x=1] two[y=a,x=2] same[y=a,x=1] same[y=a,x=2] free |"; bad != "" ||
		strings.TrimSpace(state(all)) != want {
		t.Fatalf("%s, want %s\n%s", state(all), want, bad)
	}
	nodes := map[string]*graph.Node{}
	for _, n := range all.Nodes {
		nodes[n.Name()] = n
		for up := range n.Upstream() {
			if nodes[up.Name()] != up {
				t.Errorf("%s reads from another %s", n.Name(), up.Name())
			}
		}
	}
	for _, n := range append(g.Nodes, one.Nodes...) {
		if nodes[n.Name()] != n {
			t.Errorf("%s is another node", n.Name())
		}
	}
	if axes := all.Axes("same"); len(axes) != 2 || axes[0] != nodes["cut"] && axes[1] != nodes["cut"] {
		t.Errorf("the axes of same are from %d nodes", len(axes))
	}
}

// TestTargetsOfWhatIsNotKnown narrows a graph before and after it grows.
func TestTargetsOfWhatIsNotKnown(t *testing.T) {
	whole, _, _ := resolve(t, chained)
	m := made{"cut.text/l": "1\n2\n", "sum.text/l": "a\n"}
	for target, want := range map[string]struct{ before, after string }{
		"map[x=1]":  {"cut | map(cut)", "cut map[x=1] |"},
		"sum":       {"cut | map(cut) sum(map)", "cut map[x=1] map[x=2] sum |"},
		"two[x=2]":  {"cut | map(cut) sum(map) two(map,sum)", "cut map[x=1] map[x=2] sum two[y=a,x=2] |"},
		"same":      {"cut | map(cut) sum(map) two(map,sum) same(two)", "cut map[x=1] map[x=2] sum two[y=a,x=1] two[y=a,x=2] same[y=a,x=1] same[y=a,x=2] |"},
		"free":      {"free |", "free |"},
		"same[y=b]": {"cut | map(cut) sum(map) two(map,sum) same(two)", "no node is named same[y=b]"},
	} {
		g, err := whole.Narrow(func(g *graph.Graph) (*graph.Graph, error) { return g.Select([]string{target}) })
		if err != nil || strings.TrimSpace(state(g)) != want.before {
			t.Errorf("%s: %s, want %s (%v)", target, state(g), want.before, err)
			continue
		}
		var ms recipe.Mistakes
		got := ""
		if next, err := g.Grow(m.lookup, &ms); err != nil {
			got = err.Error()
		} else {
			got = state(next)
		}
		if !strings.HasPrefix(got, want.after) || ms.Err() != nil {
			t.Errorf("%s: %s, want %s", target, got, want.after)
		}
	}
	for _, target := range []string{"map[z=1]", "mapp", "sum[x=1]", "map[x=1"} {
		if _, err := whole.Select([]string{target}); err == nil {
			t.Errorf("%s is taken", target)
		}
	}
	if _, err := whole.Find("map[x=1]"); err == nil || !strings.Contains(err.Error(), "not all known yet; run cut first") {
		t.Error(err)
	}
}

// TestReads sees what steps read that are not known yet, which a watch must see.
func TestReads(t *testing.T) {
	g, _, bad := resolve(t, strings.Replace(head, "{data: data}", "{data: data, o: other, p: spare}", 1)+cut+
		"  m: {uses: copy, in: {text: \"o/${x}\"}, matrix: {x: {lines: cut.text/l}}}\n")
	if bad != "" || !g.Reads("data") || !g.Reads("o") || g.Reads("p") {
		t.Errorf("data %v, o %v, p %v %s", g.Reads("data"), g.Reads("o"), g.Reads("p"), bad)
	}
}

// TestUntilWhatIsNotKnown stops before and behind an axis of what is made.
func TestUntilWhatIsNotKnown(t *testing.T) {
	whole, _, _ := resolve(t, chained)
	m := made{"cut.text/l": "1\n2\n", "sum.text/l": "a\n"}
	for until, want := range map[string]struct{ before, after string }{
		"cut":      {"cut free |", "cut free |"},
		"map":      {"cut free | map(cut) sum(map) two(map,sum) same(two)", "cut map[x=1] map[x=2] free |"},
		"map[x=1]": {"cut free | map(cut) sum(map) two(map,sum) same(two)", "cut map[x=1] map[x=2] free |"},
		"two":      {"cut free | map(cut) sum(map) two(map,sum) same(two)", "cut map[x=1] map[x=2] sum two[y=a,x=1] two[y=a,x=2] free |"},
	} {
		g, err := whole.Narrow(func(g *graph.Graph) (*graph.Graph, error) { return g.Until([]string{until}) })
		if err != nil || strings.TrimSpace(state(g)) != want.before {
			t.Errorf("%s: %s, want %s (%v)", until, state(g), want.before, err)
			continue
		}
		if next, bad := grown(t, g, m); bad != "" || strings.TrimSpace(state(next)) != want.after {
			t.Errorf("%s: %s, want %s", until, bad+state(next), want.after)
		}
	}
}

// TestJoinedAxes takes the values at each point from the node at its coordinates.
func TestJoinedAxes(t *testing.T) {
	const text = head + "  cut: {uses: copy, in: {text: data}, matrix: {h: [a, b, c]}}\n"
	m := made{"cut[h=a].text/1": "x\n", "cut[h=a].text/2": "", "cut[h=b].text/2": "", "cut[h=c].text/3": ""}
	for matrix, want := range map[string]string{
		`{h: cut.h, p: {files: "cut.text/*"}}`:                  "m[h=a,p=1] m[h=a,p=2] m[h=b,p=2] m[h=c,p=3]",
		`{h: [a, b], p: {files: "cut.text/*"}}`:                 "m[h=a,p=1] m[h=a,p=2] m[h=b,p=2]",
		`{p: {files: "cut.text/*"}, h: [b]}`:                    "m[h=b,p=2]",
		`{h: [b, c], v: [1, 2], p: {files: "cut.text/*"}}`:      "m[h=b,v=1,p=2] m[h=b,v=2,p=2] m[h=c,v=1,p=3] m[h=c,v=2,p=3]",
		`{h: [a], p: {files: "cut.text/*"}, exclude: [{p: 1}]}`: "m[h=a,p=2]",
		`{p: {files: "cut[h=a].text/*"}}`:                       "m[p=1] m[p=2]",
		`{p: {lines: "cut[h=a].text/1"}}`:                       "m[p=x]",
	} {
		g, _, bad := resolve(t, text+"  m: {uses: copy, in: {text: data}, matrix: "+matrix+"}\n")
		if bad != "" || len(g.Later) != 1 {
			t.Errorf("%s: %s\n%s", matrix, state(g), bad)
			continue
		}
		next, bad := grown(t, g, m)
		if want := "cut[h=a] cut[h=b] cut[h=c] " + want + " |"; bad != "" || strings.TrimSpace(state(next)) != want {
			t.Errorf("%s: %s, want %s", matrix, bad+state(next), want)
		}
	}
}

// TestJoinedTwice joins an axis that depends on another joined one.
func TestJoinedTwice(t *testing.T) {
	g, _, bad := resolve(t, head+`  cut: {uses: copy, in: {text: data}, matrix: {h: [a, b]}}
  part: {uses: copy, in: {text: cut.text}, matrix: {h: cut.h, p: {files: "cut.text/*"}}}
  m: {uses: copy, in: {text: part.text}, matrix: {h: cut.h, p: {files: "cut.text/*"}, z: {files: "part.text/*"}}}
`)
	if want := "cut[h=a] cut[h=b] | part(cut[h=a],cut[h=b]) m(part,cut[h=a],cut[h=b])"; bad != "" || len(g.Later) != 2 {
		t.Fatalf("%s, want %s\n%s", state(g), want, bad)
	}
	m := made{"cut[h=a].text/1": "", "cut[h=b].text/2": ""}
	one, bad := grown(t, g, m)
	if want := "cut[h=a] cut[h=b] part[h=a,p=1] part[h=b,p=2] | m(part[h=a,p=1],part[h=b,p=2])"; bad != "" ||
		state(one) != want {
		t.Fatalf("%s, want %s", bad+state(one), want)
	}
	m["part[h=a,p=1].text/x"], m["part[h=b,p=2].text/y"], m["part[h=b,p=2].text/z"] = "", "", ""
	if all, bad := grown(t, one, m); bad != "" || !strings.HasSuffix(state(all), " m[h=a,p=1,z=x] m[h=b,p=2,z=y] m[h=b,p=2,z=z] |") {
		t.Errorf("%s", bad+state(all))
	}
	few, err := one.Narrow(func(g *graph.Graph) (*graph.Graph, error) { return g.Select([]string{"m[h=a]"}) })
	if want := "cut[h=a] cut[h=b] part[h=a,p=1] part[h=b,p=2] | m(part[h=a,p=1],part[h=b,p=2])"; err != nil || state(few) != want {
		t.Errorf("%s, want %s (%v)", state(few), want, err)
	}
}

// TestMistakesInAxesOfWhatIsMade finds some before anything is made, and others then.
func TestMistakesInAxesOfWhatIsMade(t *testing.T) {
	const text = head + "  cut: {uses: copy, in: {text: data}, matrix: {h: [a, b]}}\n  one: {uses: copy, in: {text: data}}\n"
	m := made{"cut[h=a].text/1": "x\n", "cut[h=b].text/e": "\n", "one.text/l": "x\n", "one.text/t.csv": "a,b\n\"\n"}
	for matrix, want := range map[string]string{
		`{p: {files: "cut.text/*"}}`:                               "step cut has the axis h, so cut.text is several artifacts",
		`{h: [a, d], p: {files: "cut.text/*"}}`:                    "axis p: there is no cut[h=d]",
		`{h: {files: "cut.text/*"}}`:                               "step cut has an axis h itself",
		`{p: {files: "cut[h=d].text/*"}}`:                          "no node is named cut[h=d]",
		`{p: {files: "cut[h=a.text/*"}}`:                           "names no output of a node",
		`{p: {files: "cut[h=a]/*"}}`:                               "names no output of a node",
		`{p: {files: "one.tex/*"}}`:                                `has no output "tex"`,
		`{p: {files: "one/*"}}`:                                    "one is a step; name one of its outputs",
		`{p: {files: "two.text/*"}}`:                               `axis p: no step is named "two"`,
		`{p: {files: "m.text/*"}}`:                                 "step m takes its values from itself",
		`{p: {files: "late.text/*"}}`:                              "step m depends on itself: m needs late needs m",
		`{p: {files: "one.text/*/*"}}`:                             "write one * for what the values are",
		`{p: {files: "one.text/*.txt"}}`:                           `no files of one.text match "*.txt"`,
		`{p: {lines: "one.text"}}`:                                 "one.text is 2 files",
		`{p: {lines: "one.text/k"}}`:                               `one.text has no file "k"`,
		`{p: {lines: "cut[h=b].text/e"}}`:                          "cut[h=b].text/e has no values",
		`{h: cut.h, p: {lines: "cut.text/{1,e}"}}`:                 "cut[h=b].text/e has no values",
		`{p: {column: {table: one.text/l, name: a}}}`:              "one.text/l: want a table",
		`{p: {column: {table: one.text/t.csv, name: c}}}`:          `one.text/t.csv: no column is named "c"`,
		`{p: {column: {table: one.text/t.csv, name: a}}}`:          "one.text/t.csv: parse error on line 2",
		`{p: {lines: "one.text/l"}, exclude: [{p: y}]}`:            "exclude: axis p has no value y",
		`{p: {lines: "one.text/l"}, q: {files: "one.text/{p}.c"}}`: "the pattern has the names {p}",
	} {
		g, _, bad := resolve(t, text+"  m: {uses: copy, in: {text: data}, matrix: "+matrix+"}\n"+
			"  late: {uses: join, in: {texts: m.text}}\n")
		if bad == "" {
			_, bad = grown(t, g, m)
		}
		if !strings.Contains(bad, want) || !strings.HasPrefix(bad, "r.yaml:") {
			t.Errorf("%s: %q, want %q", matrix, bad, want)
		}
	}
}

// TestDamagedList does not believe what the store has.
func TestDamagedList(t *testing.T) {
	g, _, _ := resolve(t, head+cut+"  m: {uses: copy, in: {text: data}, matrix: {x: {lines: cut.text/l}}}\n")
	var ms recipe.Mistakes
	g.Grow(func(string, string, string) (artifacts.Tree, fs.FS, bool) {
		return artifacts.Tree{{Name: "l", Digest: artifacts.Of([]byte("1\n"))}}, fstest.MapFS{"l": {Data: []byte("2\n")}}, true
	}, &ms)
	if err := ms.Err(); err == nil || !strings.Contains(err.Error(), "l of cut.text is damaged in the store") {
		t.Error(err)
	}
}
