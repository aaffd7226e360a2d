package recipes

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"assay/artifacts/filetest"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
)

func TestNotesFindTheRecipeWhenAllMoves(t *testing.T) {
	dir := t.TempDir()
	filetest.WriteFiles(t, dir, map[string]string{"a/recipes/r.yaml": "x"})
	s, err := store.Open(filepath.Join(dir, "a", ".assay"), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(Keep(s, filepath.Join(dir, "a", "recipes", "r.yaml"), []byte("n")), s.Close(),
		os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b")))
	if err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(filepath.Join(dir, "b", ".assay"), func(string) {}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if list, err := Existing(s); err != nil || !slices.Equal(list, []string{filepath.Join(dir, "b", "recipes",
		"r.yaml")}) {
		t.Errorf("recipes %q, %v", list, err)
	}
}

// TestKnownReadsNotesOfAnyKind lists notes as they were written, without a first
// line, and damaged.
func TestKnownReadsNotesOfAnyKind(t *testing.T) {
	s, _ := storetest.Open(t)
	here := filepath.Join(t.TempDir(), "here.yaml")
	filetest.WriteFiles(t, filepath.Dir(here), map[string]string{"here.yaml": "x"})
	gone := filepath.Join(t.TempDir(), "gone.yaml")
	if err := errors.Join(Keep(s, here, []byte("a")), Keep(s, here, []byte("b")), Keep(s, gone, nil)); err != nil {
		t.Fatal(err)
	}
	filetest.WriteFiles(t, filepath.Join(s.Dir(), "recipes"), map[string]string{
		"earlier-0123456789abcdef":  "assay history 1\n",
		"unquoted-0123456789abcdef": "recipe here.yaml\nassay history 1\n",
		"empty-0123456789abcdef":    "",
		"folder/file":               "recipe \"x\"\n",
	})
	known, err := Known(s)
	want := []Recipe{{gone, NotesPath(s, gone)}, {here, NotesPath(s, here)}}
	if err != nil || !slices.Equal(known, want) {
		t.Errorf("known %v, %v, want %v", known, err, want)
	}
	if list, err := Existing(s); err != nil || !slices.Equal(list, []string{here}) {
		t.Errorf("existing %q, %v", list, err)
	}
	if notes, err := Notes(s, here); string(notes) != "b" || err != nil {
		t.Errorf("notes %q, %v", notes, err)
	}
	if notes, err := Notes(s, "/never/run.yaml"); notes != nil || err != nil {
		t.Errorf("notes of a recipe that was never run: %q, %v", notes, err)
	}
}

func FuzzCut(f *testing.F) {
	f.Add([]byte("recipe \"../r.yaml\"\nassay history 1\n"))
	f.Add([]byte("recipe \"\"\n"))
	f.Add([]byte("assay history 1\n"))
	s, err := store.Open(filepath.Join(f.TempDir(), "store"), func(string) {})
	if err != nil {
		f.Fatal(err)
	}
	defer s.Close()
	f.Fuzz(func(t *testing.T, b []byte) {
		if path, _ := cut(s, b); path != "" && !filepath.IsAbs(path) {
			t.Errorf("%q names the recipe %q, which is not absolute", b, path)
		}
	})
}
