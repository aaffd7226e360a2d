package graph_test

import (
	"strconv"
	"strings"
	"testing"

	"assay/engine/graph"
	"assay/engine/recipe"
)

// resolve returns the names of a recipe's nodes, step by step, and its mistakes.
func resolve(t *testing.T, text string) (*graph.Graph, string, string) {
	t.Helper()
	var ms recipe.Mistakes
	r := recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(text)}, nil, &ms)
	g := graph.New(r, kinds(), &ms)
	var names []string
	for _, n := range g.Nodes {
		names = append(names, n.Name())
	}
	bad := ""
	if err := ms.Err(); err != nil {
		bad = err.Error()
	}
	return g, strings.Join(names, " "), bad
}

const head = `
params: {late: time, views: [low, high]}
sources: {data: data}
steps:
`

func TestMatrixPoints(t *testing.T) {
	const abc = "a: {uses: strip, in: {text: data}, matrix: "
	for name, c := range map[string]struct{ steps, want string }{
		"exclude by label":    {"  " + abc + "{h: [{by: host}, {by: time}], v: [low, high], exclude: [{h: time, v: high}]}}", "a[h=host,v=low] a[h=host,v=high] a[h=time,v=low]"},
		"exclude by value":    {"  " + abc + "{h: [{by: host, n: 1}, {by: time}], v: [low, high], exclude: [{h: {n: 1, by: host}}]}}", "a[h=time,v=low] a[h=time,v=high]"},
		"exclude by param":    {"  " + abc + "{h: [host, time], v: [low, high], exclude: [{h: \"${late}\", v: \"${views}\"}]}}", "a[h=host,v=low] a[h=host,v=high]"},
		"exclude a list":      {"  " + abc + "{h: [x, y, z], v: [low, high], exclude: [{h: [x, z], v: low}]}}", "a[h=x,v=high] a[h=y,v=low] a[h=y,v=high] a[h=z,v=high]"},
		"include":             {"  " + abc + "{h: [x], v: [low], include: [{h: x, v: high}, {v: new, h: y}]}}", "a[h=x,v=low] a[h=x,v=high] a[h=y,v=new]"},
		"include what was ex": {"  " + abc + "{h: [x, y], exclude: [{h: x}], include: [{h: x}]}}", "a[h=y] a[h=x]"},
		"only points":         {"  " + abc + "{include: [{h: x, v: low}, {h: y, v: high}]}}", "a[h=x,v=low] a[h=y,v=high]"},
		"letters of scripts":  {"  " + abc + "{h: [é, ü, 日本, 中国], exclude: [{h: ü}]}}", "a[h=é] a[h=日本] a[h=中国]"},
		"told apart in full":  {"  " + abc + "{h: [{p: a/b}, {q: a_b}]}}", "a[h=-p:a_b-] a[h=-q:a_b-]"},
		"labels stay":         {"  " + abc + "{h: [{by: a}], include: [{h: {to: a}}]}}", "a[h=a] a[h=-to:a-]"},
		"points of a step":    {"  " + abc + "{h: [x, y], v: [low, high], exclude: [{h: x, v: high}]}}\n  b: {uses: copy, in: {text: a.text}, matrix: a}", "a[h=x,v=low] a[h=y,v=low] a[h=y,v=high] b[h=x,v=low] b[h=y,v=low] b[h=y,v=high]"},
		"axis of the points":  {"  " + abc + "{h: [x, y], v: [low, high], exclude: [{h: x}], include: [{h: z, v: low}]}}\n  b: {uses: join, in: {texts: a.text}, matrix: {h: a.h}}", "a[h=y,v=low] a[h=y,v=high] a[h=z,v=low] b[h=y] b[h=z]"},
		"order of an axis":    {"  " + abc + "{h: [x, y], v: [low, high], exclude: [{h: x, v: low}]}}\n  b: {uses: join, in: {texts: a.text}, matrix: {v: a.v}}", "a[h=x,v=high] a[h=y,v=low] a[h=y,v=high] b[v=low] b[v=high]"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got, bad := resolve(t, head+c.steps); got != c.want || bad != "" {
				t.Errorf("got  %s\nwant %s\n%s", got, c.want, bad)
			}
		})
	}
}

func TestGatheringTakesWhatThereIs(t *testing.T) {
	g, _, bad := resolve(t, head+`
  a: {uses: strip, in: {text: data}, matrix: {h: [x, y], v: [low, high], exclude: [{h: x, v: high}]}}
  c: {uses: strip, in: {text: data}, matrix: {h: [y]}}
  b: {uses: join, in: {texts: [a.text, c.text]}, matrix: {h: a.h}}
`)
	if bad != "" {
		t.Fatal(bad)
	}
	for _, n := range g.Nodes {
		want := map[string]int{"b[h=x]": 1, "b[h=y]": 3}[n.Name()]
		if want > 0 && len(n.Inputs[0].Feeds) != want {
			t.Errorf("%s is fed %d artifacts, want %d", n.Name(), len(n.Inputs[0].Feeds), want)
		}
	}
}

// Each recipe has the mistakes written below it, and no consequential ones.
func TestMatrixMistakes(t *testing.T) {
	for name, c := range map[string]struct{ steps, want string }{
		"exclude": {`
  a:
    uses: strip
    in: {text: data}
    with: {suffix: "${h}", words: ["${w}"]}
    matrix:
      h: [{by: host}, {by: time}]
      v: [low, high]
      exclude:
        - {h: tmie}
        - {x: low}
        - {v: [low, hihg], h: "${nix}"}
  b: {uses: copy, in: {text: a.text}, matrix: {h: a.h, v: a.v}}
`, `
r.yaml:9:37: ${w}: no parameter or axis of that name (known: h, late, v, views)
r.yaml:14:15: exclude: axis h has no value tmie (did you mean "time"?)
r.yaml:15:12: exclude: step a has no axis x (known: h, v)
r.yaml:16:21: exclude: axis v has no value hihg (did you mean "high"?)
r.yaml:16:32: ${nix}: no parameter or axis of that name (known: late, views)`},
		"nothing left": {`
  a: {uses: strip, in: {text: data}, matrix: {h: [x, y], exclude: [{h: x}, {h: [x, y]}, {h: x}]}}
`, `
r.yaml:6:46: matrix: step a has no points left (exclude fewer points)
r.yaml:6:89: exclude: no point of step a has these coordinates (an entry above excludes them already; remove this one)`},
		"include": {`
  a:
    uses: strip
    in: {text: data}
    matrix:
      h: [{by: host}]
      v: [low, high]
      include:
        - {h: hots, v: low}
        - {h: host}
        - {h: host, v: low, z: 1}
        - {h: host, v: [low, high]}
        - {h: host, v: low}
`, `
r.yaml:13:15: include: axis h has no value hots (did you mean "host"?)
r.yaml:14:11: include: the point has no value on axis v (an included point has a value on every axis: h, v)
r.yaml:15:29: include: step a has no axis z (known: h, v)
r.yaml:16:24: include: axis v has no value [low,high] (write one point for each value)
r.yaml:17:11: include: the matrix of step a has this point already (remove it)`},
		"labels": {`
  a: {uses: strip, in: {text: data}, matrix: {h: [a/b, a_b]}}
  b: {uses: strip, in: {text: data}, matrix: {h: [x, y, x]}}
  c: {uses: strip, in: {text: data}, matrix: {h: [data/x], include: [{h: "data|x"}]}}
`, `
r.yaml:6:56: values a/b and a_b of axis h would both be labelled a_b (labels keep letters, digits and ._%+:-, the rest becomes _ or -; change one so that their labels differ)
r.yaml:7:57: axis h: value x is listed twice (remove one of the two)
r.yaml:8:74: values data/x and data|x of axis h would both be labelled data_x (labels keep letters, digits and ._%+:-, the rest becomes _ or -; change one so that their labels differ)`},
		"upstream lacks points": {`
  a: {uses: strip, in: {text: data}, matrix: {h: [x, y], v: [low, high], exclude: [{h: x, v: high}]}}
  b: {uses: copy, in: {text: a.text}, matrix: {h: a.h, v: a.v}}
  c: {uses: copy, in: {text: a.text}, matrix: {h: [y, z], v: [low, high]}}
  d: {uses: copy, in: {text: a.text}, matrix: {h: a.h}}
  e: {uses: join, in: {texts: a.text}, matrix: {h: [x, z]}}
`, `
r.yaml:7:30: b[h=x,v=high]: no a.text has these coordinates (write "matrix: a" to have exactly the points of a, or exclude what it lacks)
r.yaml:8:30: 2 nodes of c have no a.text at their coordinates: c[h=z,v=low], c[h=z,v=high] (write "matrix: a" to have exactly the points of a, or exclude what it lacks)
r.yaml:9:30: step d: input text takes one artifact, but a.text makes 2 here (add the axis to this step's matrix: "v: a.v")
r.yaml:10:31: e[h=z]: no a.text has these coordinates (axes of one name must have values in common)`},
		"points of a step": {`
  a: {uses: strip, in: {text: data}, matrix: a}
  b: {uses: strip, in: {text: data}, matrix: aa, with: {suffix: "${h}"}}
  c: {uses: strip, in: {text: data}, matrix: d}
  d: {uses: strip, in: {text: data}, matrix: {h: c.h}}
  e: {uses: strip, in: {text: data}}
  f: {uses: copy, in: {text: b.text}, matrix: e}
`, `
r.yaml:6:46: matrix: step a takes its points from itself
r.yaml:7:46: matrix: no step is named "aa" (did you mean "a"?)
r.yaml:9:50: axis h: steps d and c take their axes from each other
r.yaml:11:47: matrix: step e has no matrix, so it has only one point (leave "matrix:" out)`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, bad := resolve(t, head+c.steps); "\n"+bad != c.want {
				t.Errorf("got %s\nwant%s", bad, c.want)
			}
		})
	}
}

// numbers returns a list of n values.
func numbers(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = strconv.Itoa(i)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// A matrix that is too large is reported before it is expanded.
func TestMatrixLimits(t *testing.T) {
	const list = "or list the points under \"include:\" instead; what is excluded counts too)"
	for name, c := range map[string]struct{ steps, want string }{
		"a step": {
			"  a:\n    uses: strip\n    in: {text: data}\n    matrix: {h: " + numbers(60) + ", v: " + numbers(60) + ", w: &w " + numbers(60) + ", x: *w, exclude: [{h: 1}]}\n" +
				"  b: {uses: copy, in: {text: a.text}, matrix: a}\n",
			"r.yaml:8:13: step a would have 12,960,000 nodes, at most 100,000 are allowed (give the axes fewer values (h has 60, v has 60, w has 60, x has 60), " + list,
		},
		"beyond numbers": {
			"  a: {uses: strip, in: {text: data}, matrix: {a: &a " + numbers(1000) + ", b: *a, c: *a, d: *a, e: *a, f: *a, g: *a}}\n",
			"r.yaml:5:46: step a would have more than 9,223,372,036,854,775,807 nodes, at most 100,000 are allowed (give the axes fewer values (a has 1,000, b has 1,000, c has 1,000, d has 1,000, e has 1,000, f has 1,000, g has 1,000), " + list,
		},
		"a recipe": {
			"  a: {uses: strip, in: {text: data}, matrix: {h: " + numbers(300) + ", v: " + numbers(332) + "}}\n" +
				"  b: {uses: strip, in: {text: data}, matrix: a}\n  c: {uses: strip, in: {text: data}, matrix: {h: a.h}}\n  d: {uses: strip, in: {text: data}, matrix: a}\n",
			"r.yaml:8:46: with step d the recipe would have 299,100 nodes, at most 200,000 are allowed (give its axes fewer values, or split the recipe in two)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, bad := resolve(t, head+c.steps); bad != c.want {
				t.Errorf("got  %s\nwant %s", bad, c.want)
			}
		})
	}
}
