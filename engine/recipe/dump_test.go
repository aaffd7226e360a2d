package recipe_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/engine/recipe"
)

// dump prints everything in a recipe, one fact per line, with its position.
func dump(r *recipe.Recipe) string {
	d := &dumper{}
	d.line("name %q about %q shards %d", r.Name, r.About, r.Shards)
	for _, f := range r.Files {
		d.line("file %s", filepath.ToSlash(f.Name))
	}
	d.fields("param", r.Params)
	d.fields("slot", r.Slots)
	for _, s := range r.Sources {
		d.line("source %s = %s @%s", s.Name, s.Path, place(s.Pos))
	}
	for _, s := range r.Steps {
		d.step(s, r.Env())
	}
	for _, o := range r.Deliveries {
		d.line("output %s = %s @%s", o.Path, o.Ref, place(o.Pos))
	}
	return d.String() + show(d.ms.Err())
}

// A dumper collects the lines, and the mistakes found when values are resolved.
type dumper struct {
	strings.Builder
	ms recipe.Mistakes
}

func (d *dumper) line(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

func (d *dumper) fields(what string, list []recipe.Field) {
	for _, f := range list {
		d.line("%s %s = %s @%s", what, f.Key, typed(f.Value), place(f.Value.Pos))
	}
}

func (d *dumper) step(s *recipe.Step, env recipe.Env) {
	d.line("step %s uses %s @%s", s.Name, s.Uses, place(s.UsesPos))
	d.matrix(&s.Matrix)
	for _, p := range s.In {
		refs := make([]string, len(p.Refs))
		for i, ref := range p.Refs {
			refs[i] = ref.String()
		}
		d.line("  in %s = %s @%s", p.Name, strings.Join(refs, " "), place(p.Pos))
	}
	// Only a node has a value on an axis; here the axis's name replaces it.
	for _, a := range s.Matrix.Axes {
		env[a.Name] = &recipe.Value{Tag: "!!str", Text: "<" + a.Name + ">"}
	}
	if s.With != nil {
		d.line("  names %s", strings.Join(recipe.Names(s.With), " "))
		d.fields("  with", recipe.Resolve(s.With, env, &d.ms).Fields)
	}
	d.fields("  running", s.Running)
}

func (d *dumper) matrix(m *recipe.Matrix) {
	if m.Of != nil {
		d.line("  points of %s @%s", m.Of, place(m.Of.Pos))
	}
	for _, a := range m.Axes {
		if a.From != nil {
			d.line("  axis %s from %s @%s", a.Name, a.From, place(a.Pos))
		}
		for _, v := range a.Values {
			d.line("  axis %s: %s, label %s @%s", a.Name, typed(v), v.Label(), place(v.Pos))
		}
	}
	for _, n := range m.Exclude {
		d.line("  exclude %s @%s", n.Compact(), place(n.Pos))
	}
	for _, n := range m.Include {
		d.line("  include %s @%s", n.Compact(), place(n.Pos))
	}
}

// typed prints a value with the types of its scalars, which YAML does not show.
func typed(n *recipe.Value) string {
	var list []string
	switch n.Form {
	case recipe.List:
		for _, item := range n.Items {
			list = append(list, typed(item))
		}
		return "[" + strings.Join(list, ", ") + "]"
	case recipe.Map:
		for _, f := range n.Fields {
			list = append(list, f.Key+": "+typed(f.Value))
		}
		return "{" + strings.Join(list, ", ") + "}"
	case recipe.Broken:
		return "broken"
	}
	return fmt.Sprintf("%s %q", strings.TrimPrefix(n.Tag, "!!"), n.Text)
}

func place(p recipe.Pos) string { return filepath.ToSlash(p.String()) }

// TestLoad loads each testdata/load/*.yaml and each testdata/load/*/recipe.yaml, with
// the file params.yaml if there is one. The result must be as in the .out file beside it.
func TestLoad(t *testing.T) {
	for _, c := range dataFiles(t, "load") {
		t.Run(c.name, func(t *testing.T) {
			r, bad := c.load(t)
			if bad != "" {
				t.Fatal(bad)
			}
			c.compare(t, dump(r))
		})
	}
}

// A dataFile is a recipe in testdata whose expected result is in a file beside it.
type dataFile struct{ name, path, golden string }

// dataFiles lists the recipes of a folder of testdata.
func dataFiles(t *testing.T, folder string) []dataFile {
	t.Helper()
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(home, "testdata", folder)
	single, _ := filepath.Glob(filepath.Join(dir, "*.yaml"))
	several, _ := filepath.Glob(filepath.Join(dir, "*", "recipe.yaml"))
	if len(single) == 0 || len(several) == 0 {
		t.Fatal("no test files in", dir)
	}
	var list []dataFile
	for _, path := range append(single, several...) {
		name, _ := filepath.Rel(dir, path)
		list = append(list, dataFile{filepath.ToSlash(name), path, strings.TrimSuffix(path, ".yaml") + ".out"})
	}
	return list
}

// load loads the recipe in its own folder and returns the mistakes as shown on a terminal.
func (c dataFile) load(t *testing.T) (*recipe.Recipe, string) {
	t.Helper()
	t.Chdir(filepath.Dir(c.path))
	over := &recipe.Overrides{}
	if _, err := os.Stat("params.yaml"); err == nil {
		over.Params = []string{"params.yaml"}
	}
	var ms recipe.Mistakes
	r, err := recipe.Load(filepath.Base(c.path), over, &ms)
	if err != nil {
		t.Fatal(err)
	}
	return r, show(ms.Err())
}

// compare compares a result with the golden file, or writes the file.
func (c dataFile) compare(t *testing.T, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(c.golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want, _ := os.ReadFile(c.golden); got == "" || got != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
