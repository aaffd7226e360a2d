package engine_test

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine"
)

// otherStore is a tier: the store of another machine. Files whose content is in lost cannot be had from it.
type otherStore struct {
	here, there *store.Store
	lost        []string
}

func (o *otherStore) Find(_ context.Context, key artifacts.Digest) (*store.Result, error) {
	return o.there.Lookup(key, false)
}

func (o *otherStore) Bring(_ context.Context, trees ...artifacts.Tree) error {
	var errs []error
	for _, t := range trees {
		for _, d := range o.here.Lacks(t) {
			errs = append(errs, o.bring(d))
		}
	}
	return errors.Join(errs...)
}

func (o *otherStore) bring(d artifacts.Digest) error {
	text, err := os.ReadFile(o.there.Path(d))
	if err != nil || slices.Contains(o.lost, string(text)) {
		return errors.Join(errors.New("it is lost"), err)
	}
	return o.here.Receive(d, func(w io.Writer) error { _, err := w.Write(text); return err })
}

const tiered = `
sources: {data: data}
steps:
  s1: {uses: strip, in: {text: data}}
  s2: {uses: copy, in: {text: s1.text}}
  s3: {uses: strip, in: {text: s2.text}, with: {suffix: "!"}}
  s4: {uses: each, in: {files: s3.text}}
outputs: {out: s4.text}
`

// The files of what the tier has come when they are read. What it lost is made again, as late as that is known.
func TestTier(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "#\nb\n")
	l.mustRun(tiered, "strip copy strip each")
	there := l.store
	for _, test := range []struct {
		name, recipe, ran string
		lost              []string
		files             int // how many files the steps' outputs have here at the end
	}{
		{name: "all of it", recipe: tiered, files: 1},
		{name: "a new last step", recipe: strings.Replace(tiered, `"!"`, `"?"`, 1), ran: "strip each", files: 2},
		{name: "what is delivered is lost", recipe: tiered, lost: []string{"b\n!"}, ran: "strip each", files: 2},
		{name: "what is read is lost", recipe: strings.Replace(tiered, `"!"`, `"?"`, 1), lost: []string{"b\n"},
			ran: "strip copy strip each", files: 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			st, err := store.Open(t.TempDir(), func(string) {})
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			l.store, l.ran = st, nil
			e := l.engine()
			e.Tier = &otherStore{here: st, there: there, lost: test.lost}
			rs, err := e.Run(t.Context(), l.graph(test.recipe))
			if err != nil || strings.Join(l.ran, " ") != test.ran {
				t.Fatalf("ran %q, want %q: %v", l.ran, test.ran, err)
			}
			ran, files := 0, map[artifacts.Digest]bool{}
			for _, o := range rs.Outcomes {
				ran += o.Ran
				for _, f := range o.Outputs["text"] {
					if st.Whole(f.Digest, true) {
						files[f.Digest] = true
					}
				}
			}
			if want := len(strings.Fields(test.ran)); ran != want || len(files) != test.files {
				t.Errorf("%d actions counted, want %d; %d files here, want %d", ran, want, len(files), test.files)
			}
			_, plan, err := e.Inspect(t.Context(), l.graph(test.recipe))
			for _, p := range plan {
				if p.State != engine.UpToDate {
					t.Errorf("%s %s", p.Node.Name(), p.State)
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// What was made again and is not what the tier said is an error, since others read by its digest.
func TestTierOfAnotherMind(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "b\n")
	rs := l.mustRun(tiered, "strip copy strip each")
	there := l.store
	for n, o := range rs.Outcomes {
		if n.Step == "s1" {
			misrecord(t, there, o.Key)
		}
	}
	var err error
	if l.store, err = store.Open(t.TempDir(), func(string) {}); err != nil {
		t.Fatal(err)
	}
	defer l.store.Close()
	e := l.engine()
	e.Tier = &otherStore{here: l.store, there: there, lost: []string{"c\n"}}
	if _, err = e.Run(t.Context(), l.graph(tiered)); err == nil || !strings.Contains(err.Error(), "made again and is not the same") {
		t.Errorf("%v", err)
	}
}

// misrecord records that an action made the text "c".
func misrecord(t *testing.T, st *store.Store, key artifacts.Digest) {
	t.Helper()
	res, err := st.Lookup(key, false)
	if err != nil {
		t.Fatal(err)
	}
	wrong := artifacts.Tree{{Name: "in.txt", Digest: artifacts.Of([]byte("c\n"))}}
	res.Outputs[0].Tree = wrong
	err = st.Receive(wrong[0].Digest, func(w io.Writer) error { _, err := w.Write([]byte("c\n")); return err })
	if err := errors.Join(err, st.PutTree(wrong), st.PutResult(res)); err != nil {
		t.Fatal(err)
	}
}

// A graph grows by what the tier has: the lists that axes look at come too, and one that is lost is made again.
func TestTierOfGrowingGraph(t *testing.T) {
	l := scatterLab(t)
	if _, _, err := l.run(scattered); err != nil {
		t.Fatal(err)
	}
	there := l.store
	for _, test := range []struct {
		lost []string
		ran  string
	}{{nil, ""}, {[]string{"b\na\n"}, "copy"}} {
		var err error
		if l.store, err = store.Open(t.TempDir(), func(string) {}); err != nil {
			t.Fatal(err)
		}
		defer l.store.Close()
		l.ran = nil
		e := l.engine()
		e.Tier = &otherStore{here: l.store, there: there, lost: test.lost}
		_, plan, err := e.Inspect(t.Context(), l.graph(scattered))
		if known := len(plan) == 8; (err == nil && known) != (test.lost == nil) || len(l.ran) > 0 {
			t.Errorf("%d nodes known with %q lost, ran %q: %v", len(plan), test.lost, l.ran, err)
		}
		if _, err := e.Run(t.Context(), l.graph(scattered)); err != nil || strings.Join(l.ran, " ") != test.ran {
			t.Errorf("ran %q, want %q: %v", l.ran, test.ran, err)
		}
	}
}
