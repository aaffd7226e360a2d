package artifacts

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// names lists what lies below dir.
func names(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		out = append(out, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestScratchIsAlwaysNewAndEmpty(t *testing.T) {
	folders := []string{"in/a", "out/o", "tmp"}
	want := []string{".", "in", "in/a", "out", "out/o", "tmp"}
	for what, leave := range map[string]func(work string) error{
		"nothing": func(string) error { return nil },
		"a file":  func(work string) error { return os.WriteFile(work+"/out/o/f", []byte("x"), 0o444) },
		"a link":  func(work string) error { return os.Symlink("/etc/passwd", work+"/in/a/l") },
		"folders": func(work string) error { return os.MkdirAll(work+"/out/o/x/y", 0o777) },
		"a folder beside": func(work string) error {
			return os.WriteFile(work+"/stray", nil, 0o666)
		},
		"a removed folder": func(work string) error { return os.Remove(work + "/tmp") },
		"a closed folder":  func(work string) error { return os.Chmod(work+"/out", 0o500) },
		"a folder elsewhere": func(work string) error {
			os.Remove(work + "/tmp")
			return os.Symlink(t.TempDir(), work+"/tmp")
		},
	} {
		s, _ := open(t)
		first, err := s.Scratch(folders...)
		if err != nil {
			t.Fatal(err)
		}
		if got := names(t, first.Work()); !slices.Equal(got, want) {
			t.Fatalf("at first: %v", got)
		}
		if err := leave(first.Work()); err != nil {
			t.Fatal(err)
		}
		first.Release()
		second, err := s.Scratch(folders...)
		if err != nil {
			t.Fatal(err)
		}
		if got := names(t, second.Work()); !slices.Equal(got, want) || second.Dir == first.Dir {
			t.Errorf("after %s: %v in %s, which was %s before", what, got, second.Dir, first.Dir)
		}
		third, err := s.Scratch("out/other")
		if err != nil {
			t.Fatal(err)
		}
		if got := names(t, third.Work()); !slices.Equal(got, []string{".", "out", "out/other"}) {
			t.Errorf("of another shape: %v", got)
		}
	}
}

func TestScratchFollowsNoLink(t *testing.T) {
	s, _ := open(t)
	elsewhere := t.TempDir()
	mine := filepath.Join(elsewhere, "mine")
	if err := os.WriteFile(mine, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	sc, err := s.Scratch("tmp")
	if err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(sc.Work(), "tmp"))
	if err := os.Symlink(elsewhere, filepath.Join(sc.Work(), "tmp")); err != nil {
		t.Fatal(err)
	}
	sc.Release()
	if _, err := os.Stat(mine); err != nil {
		t.Error("a file outside was removed:", err)
	}
}
