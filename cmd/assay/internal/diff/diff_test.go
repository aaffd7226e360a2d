package diff

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/scores/scorestest"
	"assay/cmd/assay/internal/state"
	"assay/engine/recipe"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares with a file.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s (%v)\ngot\n%s\nwant\n%s", file, err, got, want)
	}
}

// world makes states of a recipe.
type world struct {
	t     *testing.T
	store *store.Store
}

func newWorld(t *testing.T) *world {
	s, _ := storetest.Open(t)
	return &world{t, s}
}

func (w *world) state(name string, settings []recipe.Setting, list ...artifacts.LockedArtifact) *state.State {
	l := &artifacts.Lock{Artifacts: list, Sources: []artifacts.LockedSource{{Name: "corpus", Digest: artifacts.Of([]byte(name))}}}
	l.Text() // sorts
	return &state.State{Name: name, About: "a state", Lock: l, Settings: settings, Remedy: "assay run r.yaml # " + name}
}

func (w *world) artifact(name, kind, params, input string, content map[string]string) artifacts.LockedArtifact {
	return scorestest.Artifact(w.t, w.store, name, kind, params, input, content)
}

// eval is an evaluation of a model that is right in some windows; n episodes have one
// more of them.
func (w *world) eval(name string, episodes, right, n int) artifacts.LockedArtifact {
	e := scorestest.Eval{Model: "gbt", View: "oracle", Episodes: episodes, Level: 0.9, Right: func(i int) int {
		if i < n {
			return right + 1
		}
		return right
	}}
	return w.artifact(name, "eval@3", `{"n":1}`, name, e.Files(w.t))
}

func (w *world) compare(before, after *state.State, measures ...string) *Diff {
	w.t.Helper()
	d, err := New(w.t.Context(), Options{Recipe: "r.yaml", Measures: measures, Store: w.store}, before, after)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// everything is two states that differ in everything that can differ.
func everything(w *world) *Diff {
	file := func(text string) map[string]string { return map[string]string{"f": text} }
	gone := artifacts.LockedArtifact{Name: "eval[hold=z,view=oracle].report", Kind: "eval@3", Digest: artifacts.Of([]byte("gone"))}
	before := w.state("git:a", []recipe.Setting{
		{Path: "params.seed", Text: "7"}, {Path: "steps.old.uses", Text: "k"}, {Path: "l[]", Text: "a"}, {Path: "l[]", Text: "b"},
		{Path: "script", Text: "one\ntwo\n"}, {Path: "swap[]", Text: "x"}, {Path: "swap[]", Text: "y"}, {Path: "same", Text: "1"},
	},
		w.artifact("same.out", "k@1", `{"a":1}`, "i", file("same")),
		w.artifact("old.out", "k@1", `{"a":1}`, "i", file("old")),
		w.artifact("p[x=1,y=1].out", "k@1", `{"a":1,"deep":{"b":2}}`, "i", file("p1")),
		w.artifact("p[x=1,y=2].out", "k@1", `{"a":1,"deep":{"b":2}}`, "i", file("p2")),
		w.artifact("p[x=2,y=1].out", "k@1", `{"a":1,"deep":{"b":2}}`, "i", file("p3")),
		w.artifact("kind.out", "k@1", `{"a":1}`, "i", file("kind")),
		w.artifact("bytes.out", "k@1", `{"a":1}`, "b", file("bytes")),
		w.artifact("through.out", "k@1", `{"a":1}`, "one", file("through")),
		w.eval("eval[hold=a,view=oracle].report", 20, 6, 0), w.eval("eval[hold=b,view=oracle].report", 20, 6, 10),
		w.eval("eval[hold=c,view=oracle].report", 20, 6, 5), w.eval("eval[hold=d,view=oracle].report", 20, 6, 0),
		w.eval("eval[hold=e,view=oracle].report", 20, 6, 3), gone)
	after := w.state("git:b", []recipe.Setting{
		{Path: "params.seed", Text: "8"}, {Path: "l[]", Text: "a"}, {Path: "l[]", Text: "c"}, {Path: "l[]", Text: "d"},
		{Path: "script", Text: "one\ntwo\nthree\n"}, {Path: "swap[]", Text: "y"}, {Path: "swap[]", Text: "x"},
		{Path: "same", Text: "1"}, {Path: "new|`<b>`", Text: strings.Repeat("long ", 20)},
	},
		w.artifact("same.out", "k@1", `{"a":1}`, "i", file("same")),
		w.artifact("new.out", "k@1", `{"a":1}`, "i", file("new")),
		w.artifact("p[x=1,y=1].out", "k@1", `{"a":1,"deep":{"b":3}}`, "i", file("p1'")),
		w.artifact("p[x=1,y=2].out", "k@1", `{"a":1,"deep":{"b":3}}`, "i", file("p2'")),
		w.artifact("p[x=2,y=1].out", "k@1", `{"a":1,"deep":{"b":2}}`, "i", file("p3")),
		w.artifact("kind.out", "k@2", `{"a":1}`, "i", file("kind'")),
		w.artifact("bytes.out", "k@1", `{"a":1}`, "b", file("bytes'")),
		w.artifact("through.out", "k@1", `{"a":1}`, "two", file("through")),
		w.eval("eval[hold=a,view=oracle].report", 20, 8, 0), w.eval("eval[hold=b,view=oracle].report", 20, 6, 12),
		w.eval("eval[hold=c,view=oracle].report", 20, 6, 5), w.eval("eval[hold=d,view=oracle].report", 18, 6, 0),
		w.eval("eval[hold=f,view=oracle].report", 20, 7, 3))
	after.Unmade = []string{"late[x=1]"}
	return w.compare(before, after, "macro_f1", "log_loss")
}

// TestForms: everything that can differ, in every form.
func TestForms(t *testing.T) {
	d := everything(newWorld(t))
	for file, write := range map[string]func(*bytes.Buffer) error{
		"wide.txt":    func(b *bytes.Buffer) error { return d.Text(b, 100) },
		"narrow.txt":  func(b *bytes.Buffer) error { return d.Text(b, 80) },
		"markdown.md": func(b *bytes.Buffer) error { return d.Markdown(b) },
		"diff.json":   func(b *bytes.Buffer) error { return plain.WriteJSON(b, d) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, "testdata/"+file, b.Bytes())
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); file == "wide.txt" && n > 100 || file == "narrow.txt" && n > 80 {
				t.Errorf("%s: a line of %d columns: %s", file, n, line)
			}
		}
	}
}

// TestNothing: a state does not differ from itself, whatever it has.
func TestNothing(t *testing.T) {
	w := newWorld(t)
	s := w.state("s", []recipe.Setting{{Path: "a", Text: "1"}}, w.eval("eval[hold=a].report", 5, 6, 2))
	d := w.compare(s, s, "macro_f1")
	if !d.Empty() || d.Same != 1 || len(d.Metrics[0].Evaluations)+len(d.Missing) > 0 {
		t.Errorf("diff %+v", d)
	}
	silent := *s
	silent.Silent = "it is a secret"
	silent.Settings = nil
	if d := w.compare(s, &silent, "macro_f1"); !d.Empty() {
		t.Errorf("settings that are not known differ: %+v", d.Settings)
	}
}

// TestUnmade: a node that one of the states has not run yet is neither added nor removed,
// and its evaluation is not missing.
func TestUnmade(t *testing.T) {
	w := newWorld(t)
	full := w.state("s", nil, w.eval("eval[hold=a].report", 5, 6, 2), w.eval("eval[hold=b].report", 5, 6, 2))
	part := w.state("s", nil, full.Lock.Artifacts[0])
	part.Unmade = []string{"eval[hold=b]"}
	for _, d := range []*Diff{w.compare(full, part, "macro_f1"), w.compare(part, full, "macro_f1")} {
		if len(d.Steps)+len(d.Missing)+len(d.Metrics[0].Evaluations) > 0 || d.Empty() {
			t.Errorf("diff %+v", d)
		}
	}
	part.Unmade = nil
	d := w.compare(full, part, "macro_f1")
	if len(d.Steps) != 1 || d.Steps[0].Change != Removed || len(d.Metrics[0].Evaluations) != 1 {
		t.Errorf("diff %+v", d)
	}
}

// TestPaired: better by one window in every episode is a difference of which there is no
// doubt, however much the scores vary.
func TestPaired(t *testing.T) {
	w := newWorld(t)
	d := w.compare(w.state("a", nil, w.eval("eval[hold=a].report", 40, 5, 20)), w.state("b", nil, w.eval("eval[hold=a].report", 40, 6, 20)),
		"accuracy")
	got := d.Metrics[0].Evaluations[0].Difference
	if v := float64(got.Value); v < 0.0999 || v > 0.1001 || float64(got.High-got.Low) > 1e-9 || got.P > 0.001 || got.Episodes != 40 {
		t.Errorf("difference %+v, want 0.1 without doubt", got)
	}
	if d.Metrics[0].Level != 0.9 {
		t.Errorf("level %v, want that of the evaluations", d.Metrics[0].Level)
	}
}

func TestChangedItems(t *testing.T) {
	for _, c := range []struct{ was, now, want string }{
		{"", "a", "+a"}, {"a", "", "-a"}, {"a b", "a c", "-b +c"}, {"a a", "a", "-a"}, {"a b", "b a", "-[a,b] +[b,a]"},
		{"a b", "c d", "-a -b +c +d"}, {"a b", "a b", ""},
	} {
		var got []string
		for _, ch := range changes("x[]", strings.Fields(c.was), strings.Fields(c.now)) {
			if ch.Old != nil {
				got = append(got, "-"+*ch.Old)
			}
			if ch.New != nil {
				got = append(got, "+"+*ch.New)
			}
		}
		if !reflect.DeepEqual(strings.Join(got, " "), c.want) {
			t.Errorf("%q to %q: %q, want %q", c.was, c.now, got, c.want)
		}
	}
}

// FuzzLocks: whatever two locks say, they can be compared and shown.
func FuzzLocks(f *testing.F) {
	zero := artifacts.Of(nil).String()
	head := "assay lock 1\n"
	f.Add(head+zero+" source a\n", head)
	f.Add(head+zero+" artifact a[x=1].o k@1 "+zero+"\n", head+zero+" artifact a[x=2].o eval@3 "+zero+"\n")
	f.Add(head+zero+" artifact ].[ k "+zero+"\n"+zero+" artifact . k "+zero+"\n", head)
	s, err := store.Open(f.TempDir(), func(string) {})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	f.Fuzz(func(t *testing.T, a, b string) {
		old, err := state.ParseLock("a", []byte(a))
		if err != nil {
			return
		}
		now, err := state.ParseLock("b", []byte(b))
		if err != nil {
			return
		}
		o := Options{Recipe: "r.yaml", Measures: []string{"macro_f1"}, Store: s}
		d, err := New(t.Context(), o, &state.State{Lock: old}, &state.State{Lock: now})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := d.Text(&out, 60); err != nil {
			t.Fatal(err)
		}
		if err := d.Markdown(&out); err != nil {
			t.Fatal(err)
		}
	})
}
