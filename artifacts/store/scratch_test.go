package store

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"assay/artifacts/filetest"
)

func TestScratchIsAlwaysNewAndEmpty(t *testing.T) {
	s, _ := open(t)
	elsewhere := filepath.Join(t.TempDir(), "mine")
	if err := os.WriteFile(elsewhere, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for range 3 {
		sc, err := s.Scratch("in/a", "out/o", "tmp")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := filetest.NamesIn(t, sc.Dir), []string{".", "in", "in/a", "out", "out/o", "tmp"}; !slices.Equal(got, want) || seen[sc.Dir] {
			t.Errorf("%s: %v, want %v", sc.Dir, got, want)
		}
		seen[sc.Dir] = true
		file := filepath.Join(sc.Dir, "tmp", "large")
		if err := os.WriteFile(file, []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Dir(elsewhere), filepath.Join(sc.Dir, "tmp", "link")); err != nil {
			t.Fatal(err)
		}
		sc.Release()
		if _, err := os.Lstat(file); err == nil {
			t.Error("a file keeps its room")
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Join(s.dir, "tmp")); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	if _, err := os.Stat(elsewhere); err != nil {
		t.Error("a file outside was removed:", err)
	}
}
