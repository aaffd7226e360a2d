package recipe_test

import (
	"flag"
	"strings"
	"testing"

	"assay/engine/recipe"
)

var update = flag.Bool("update", false, "write the golden files")

// show returns all mistakes as a terminal would show them.
func show(err error) string {
	var b strings.Builder
	for _, m := range recipe.MistakesIn(err) {
		b.WriteString(m.Show())
	}
	return b.String()
}

// TestMistakes loads the recipes of testdata/err. The mistakes must be as in the .out file
// beside each.
func TestMistakes(t *testing.T) {
	for _, c := range dataFiles(t, "err") {
		t.Run(c.name, func(t *testing.T) {
			_, bad := c.load(t)
			c.compare(t, bad)
		})
	}
}

const good = `
name: test
params: {store: data, seed: 7, where: "${store}/x", list: [a, b], map: {a: 1}, free: {}}
sources: {corpus: "${where}"}
steps:
  s:
    uses: k
    matrix: {hold: [{by: host}], view: t.view}
    in: {a: corpus, b: [t.x, t.y]}
    with: {n: "${seed}", l: "${list}", text: "$${seed} is ${seed}"}
outputs: {"out/${store}": s.x}
`

func parse(t *testing.T, text string, sets ...string) (*recipe.Recipe, string) {
	t.Helper()
	var ms recipe.Mistakes
	r := recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(text)}, &recipe.Overrides{Sets: sets}, &ms)
	return r, show(ms.Err())
}

func TestParse(t *testing.T) {
	r, bad := parse(t, good)
	if bad != "" {
		t.Fatal(bad)
	}
	if r.Sources[0].Path != "data/x" || r.Deliveries[0].Path != "out/data" || r.Deliveries[0].Ref.String() != "s.x" {
		t.Errorf("sources %v, outputs %v", r.Sources, r.Deliveries)
	}
	s := r.Steps[0]
	if s.Uses != "k" || len(s.Matrix.Axes) != 2 || s.Matrix.Axes[1].From.String() != "t.view" || len(s.In[1].Refs) != 2 {
		t.Errorf("step %+v", s)
	}
	var ms recipe.Mistakes
	with := recipe.Resolve(s.With, r.Env(), &ms)
	var got struct {
		N    int      `json:"n"`
		L    []string `json:"l"`
		Text string   `json:"text"`
	}
	recipe.Decode(with, &got, &ms)
	if got.N != 7 || strings.Join(got.L, "") != "ab" || got.Text != "${seed} is 7" || ms.Added() != 0 {
		t.Errorf("with: %+v, %s", got, show(ms.Err()))
	}
}

func TestSet(t *testing.T) {
	for _, c := range []struct{ set, want, hint string }{
		{"params.store=other", "", ""},
		{"steps.s.with.new=[1, 2]", "", ""},
		{"steps.s.with.n=null", "", ""},
		{"steps.s.with.m=null", "the recipe has no m to set", "known: n"},
		{"seed=8", "--set seed=8:1:1: the recipe has no seed to set", "params.seed"},
		{"params.sed=8", "the recipe has no sed to set", `"seed"`},
		{"steps.x.with.n=1", "the recipe has no steps.x", "s"},
		{"nothing", "--set needs path=value", "params.seed=8"},
		{"params.seed.x=1", "params.seed is a value and has no x", ""},
		{"params.map.a=2", "", ""},
		{"params.map.ab=2", "the recipe has no ab to set", `did you mean "a"?; to add a key set the whole map: --set 'params.map={…}'`},
		{"params.map.a=null", "", ""},
		{"params.free.a=2", "", ""},
		{"params.seed=[", "--set params.seed=[", "not YAML"},
	} {
		_, bad := parse(t, good, c.set)
		if c.want == "" && bad != "" || !strings.Contains(bad, c.want) || !strings.Contains(bad, c.hint) {
			t.Errorf("--set %s: %s", c.set, bad)
		}
	}
	r, bad := parse(t, good, "params.store=elsewhere")
	if bad != "" || r.Sources[0].Path != "elsewhere/x" {
		t.Errorf("%s%v", bad, r.Sources)
	}
}

func TestDecodeShowsEveryMistakeAtItsPlace(t *testing.T) {
	var ms recipe.Mistakes
	r := recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(`
steps:
  s:
    uses: k
    with:
      n: many
      f: .nan
      b: yes
      l: 3
      in: {deepp: 1}
      u: -1
`)}, nil, &ms)
	var v struct {
		N  int      `json:"n"`
		F  float64  `json:"f"`
		B  bool     `json:"b"`
		L  []string `json:"l"`
		In struct {
			Deep int `json:"deep"`
		} `json:"in"`
		U uint8 `json:"u"`
	}
	recipe.Decode(r.Steps[0].With, &v, &ms)
	got := show(ms.Err())
	for _, want := range []string{
		"r.yaml:6:10: n: want a whole number, found \"many\"",
		"r.yaml:7:10: f: want a number, found .nan",
		"r.yaml:8:10: b: want true or false, found \"yes\"",
		"r.yaml:9:10: l: want a list, found 3",
		"r.yaml:10:12: unknown key \"deepp\" in in",
		"did you mean \"deep\"?",
		"r.yaml:11:10: u: want a whole number, not negative, found -1",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Add("a: &a [*a]")
	f.Add("steps: {s: {uses: x, with: {a: &x {b: 1}, c: *x}}}")
	f.Fuzz(func(t *testing.T, text string) {
		var ms recipe.Mistakes
		r := recipe.Parse(&recipe.File{Name: "f.yaml", Text: []byte(text)}, nil, &ms)
		if r == nil && ms.Err() == nil {
			t.Error("no recipe and no mistake")
		}
		show(ms.Err())
	})
}

func TestOneOf(t *testing.T) {
	type params struct {
		By string `json:"by" oneof:"host sample time"`
	}
	for text, want := range map[string]string{
		"host": "",
		"hots": `by: want host or sample or time, found "hots"` + "\n",
		"3":    "by: want host or sample or time, found 3",
		"[a]":  "by: want text, found a list",
	} {
		r, bad := parse(t, "steps:\n  s: {uses: k, with: {by: "+text+"}}\n")
		if bad != "" {
			t.Fatal(bad)
		}
		var ms recipe.Mistakes
		var p params
		recipe.Decode(r.Steps[0].With, &p, &ms)
		if got := show(ms.Err()); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %q", text, got, want)
		}
	}
}
