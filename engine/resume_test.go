package engine_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/artifacts/filetest"
	"assay/artifacts/store"
	"assay/engine/step"
)

// climb adds a kind that goes one rung higher in each execution, and is done on the third.
func (l *lab) climb() {
	l.kinds = append(l.kinds, step.Define("climb", "1", "keeps progress", stripParams{},
		func(ctx context.Context, _ stripParams, _ oneIn, out oneOut) error {
			dir, err := step.ResumeDir(ctx)
			if err != nil {
				return err
			}
			defer dir.Close()
			rungs, err := dir.ReadFile("rungs")
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			rungs = append(rungs, '#')
			if len(rungs) == 3 {
				return errors.Join(out.Text.WriteFile("in.txt", rungs, 0o666), l.enter(ctx, "climb"))
			}
			return errors.Join(dir.WriteFile("rungs", rungs, 0o666), l.enter(ctx, "climb"), errors.New("tired"))
		}))
}

const climbing = `
sources: {data: data}
steps:
  s1: {uses: climb, in: {text: data}}
`

// progress lists the folders of progress in the store, and what is in them.
func (l *lab) progress() []string {
	l.t.Helper()
	dir := filepath.Join(l.store.Dir(), store.ResumeDir)
	if _, err := os.Lstat(dir); err != nil {
		return nil
	}
	return filetest.NamesIn(l.t, dir)[1:]
}

func TestProgressSurvivesFailures(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.climb()
	for range 2 {
		if _, _, err := l.run(climbing); err == nil {
			t.Fatal("it was to fail")
		}
		if got := l.progress(); len(got) != 2 || filepath.Base(got[1]) != "rungs" {
			t.Fatalf("progress %q", got)
		}
	}
	rs := l.mustRun(climbing, "climb")
	if got := l.content(rs, "s1", "in.txt"); got != "###" {
		t.Errorf("got %q", got)
	}
	if got := l.progress(); len(got) != 0 {
		t.Errorf("progress of what is done: %q", got)
	}
}

// Another action does not see it, and a retry does.
func TestProgressIsOfOneAction(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.climb()
	if _, _, err := l.run(climbing); err == nil {
		t.Fatal("it was to fail")
	}
	first := l.progress()
	other := strings.Replace(climbing, "text: data}", "text: data}, with: {suffix: x}, retries: 1", 1)
	if ran, _, err := l.run(other); err == nil || ran != "climb climb" {
		t.Errorf("of three executions there ran %q, %v", ran, err)
	}
	l.mustRun(other, "climb")
	if got := l.progress(); !slices.Equal(got, first) {
		t.Errorf("progress %q, then %q", first, got)
	}
}

// A run that is stopped leaves the progress, and a store with it.
func TestProgressSurvivesACancelledRun(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.climb()
	ctx, cancel := contextWithCancel(t)
	l.during["climb"], l.block["climb"] = cancel, struct{}{}
	if _, err := l.engine().Run(ctx, l.graph(climbing)); err == nil || len(l.progress()) != 2 {
		t.Fatalf("%v, progress %q", err, l.progress())
	}
	if err := l.store.Close(); err != nil {
		t.Fatal(err)
	}
	if len(l.progress()) != 2 {
		t.Errorf("progress %q", l.progress())
	}
}

// A step that asks for no folder gets none.
func TestNoProgressNoFolder(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.mustRun(chain, "strip copy join")
	if _, err := os.Lstat(filepath.Join(l.store.Dir(), store.ResumeDir)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("there is a folder for progress:", err)
	}
}
