package recipe_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/engine/recipe"
)

// write writes files into a new folder, which becomes the working folder.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

func load(t *testing.T, path string, over *recipe.Overrides) *recipe.Recipe {
	t.Helper()
	var ms recipe.Mistakes
	r, err := recipe.Load(path, over, &ms)
	if err != nil || ms.Err() != nil {
		t.Fatal(err, ms.Err())
	}
	return r
}

const base = `
name: base
about: as it was
params: {store: data, seed: 7, hold: {by: host, test: [a]}}
sources: {corpus: "${store}"}
steps:
  one: {uses: k, in: {a: corpus}, with: {n: 1, deep: {x: 1, y: 2}, l: [1, 2]}}
  two: {uses: k, matrix: {h: [1], v: [2]}, in: {a: one.x, b: one.y}}
  three: {uses: k}
outputs: {out: three.x}
`

func TestExtends(t *testing.T) {
	write(t, map[string]string{
		"base.yaml": base,
		"mid/mid.yaml": `
extends: ../base.yaml
name: mid
params: {seed: 8, new: "${seed}"}
steps:
  one: {with: {deep: {y: 3, z: 4}, l: [3]}}
  three: null
outputs: {out: null, other: two.x}
`,
		"top.yaml": `
extends: mid/mid.yaml
params: {root: /here, store: "${root}/data", hold: {by: time, test: null}}
steps:
  two: {matrix: {v: null}, in: {b: null}}
  four: {uses: k}
`})
	r := load(t, "top.yaml", nil)
	if r.Name != "mid" || r.About != "as it was" || r.Sources[0].Path != "/here/data" {
		t.Errorf("%s, %s, %v", r.Name, r.About, r.Sources)
	}
	var names []string
	for _, f := range r.Params {
		names = append(names, f.Key+" "+f.Value.Compact())
	}
	if got, want := strings.Join(names, "; "), "store /here/data; seed 8; hold {by:time}; new 8; root /here"; got != want {
		t.Errorf("params %s, want %s", got, want)
	}
	names = nil
	for _, s := range r.Steps {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "one two four" {
		t.Errorf("steps %s", got)
	}
	one, two := r.Steps[0], r.Steps[1]
	if got := one.With.Compact(); got != "{n:1,deep:{x:1,y:3,z:4},l:[3]}" {
		t.Errorf("with %s", got)
	}
	if len(two.Matrix.Axes) != 1 || len(two.In) != 1 || len(r.Deliveries) != 1 || r.Deliveries[0].Path != "other" {
		t.Errorf("matrix %v, in %v, outputs %v", two.Matrix, two.In, r.Deliveries)
	}
	// Positions are those of the values that won.
	for got, want := range map[string]string{
		one.UsesPos.String():                          "base.yaml:7:15",
		one.With.Get("deep").Get("y").Pos.String():    "mid/mid.yaml:6:26",
		one.With.Get("deep").Get("x").Pos.String():    "base.yaml:7:58",
		r.Deliveries[0].Pos.String():                  "mid/mid.yaml:8:22",
		two.Pos.String():                              "top.yaml:5:3",
		r.Files[0].Name + " " + r.Files[2].Name:       "top.yaml base.yaml",
		filepath.ToSlash(filepath.Dir(r.File.Name)):   ".",
		strings.Join([]string{r.Files[1].Name}, ", "): "mid/mid.yaml",
	} {
		if filepath.ToSlash(got) != want {
			t.Errorf("place %s, want %s", got, want)
		}
	}
}

func TestParamsFiles(t *testing.T) {
	write(t, map[string]string{
		"base.yaml": base,
		"r.yaml":    "extends: base.yaml\n",
		"a.yaml":    "seed: 8\nstore: \"x/${seed}\"\nhold: {test: [b]}\n",
		"b.yaml":    "seed: 9\n",
	})
	for want, over := range map[string]*recipe.Overrides{
		"x/8":  {Params: []string{"a.yaml"}},
		"x/9":  {Params: []string{"a.yaml", "b.yaml"}},
		"x/10": {Params: []string{"a.yaml", "b.yaml"}, Sets: []string{"params.seed=10"}},
		"y":    {Params: []string{"a.yaml"}, Sets: []string{"params.store=y"}},
	} {
		r := load(t, "r.yaml", over)
		if r.Sources[0].Path != want || r.Params[2].Value.Compact() != "{by:host,test:[b]}" {
			t.Errorf("%v: sources %v, params %v", over, r.Sources, r.Params)
		}
	}
}

// FuzzExtends merges any text over any other.
func FuzzExtends(f *testing.F) {
	f.Add(base, "extends: base.yaml\nsteps: {one: null, two: {in: {a: null}}}\n", "seed: 8")
	f.Add("steps: {s: &x {a: *x}}", "extends: base.yaml\nsteps: {s: {a: {b: 1}}}\n", "")
	f.Add("params: {a: \"${b}\", b: \"${c}\"}", "extends: base.yaml\nparams: {c: \"${a}\"}", "a: \"$${b} ${c\"")
	f.Fuzz(func(t *testing.T, base, over, params string) {
		write(t, map[string]string{"base.yaml": base, "r.yaml": over, "p.yaml": params})
		var ms recipe.Mistakes
		r, err := recipe.Load("r.yaml", &recipe.Overrides{Params: []string{"p.yaml"}}, &ms)
		if err != nil || r == nil && ms.Err() == nil {
			t.Error("no recipe and no mistake", err)
		}
		show(ms.Err())
	})
}
