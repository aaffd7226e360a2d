package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"assay/artifacts/filetest"
	"assay/artifacts/source"
)

// TestUnchanged changes one thing of a source after it was scanned. Its files lie so
// that their order goes from folder to folder and back.
func TestUnchanged(t *testing.T) {
	files := map[string]string{"a/x": "1", "a-b": "2", "a/y": "3", "a/c/z": "4", "b": "5"}
	for name, c := range map[string]struct {
		change func(dir string) error
		want   error
	}{
		"nothing":             {func(string) error { return nil }, nil},
		"a file of the root":  {func(dir string) error { return os.WriteFile(filepath.Join(dir, "b"), []byte("other"), 0o644) }, source.ErrChanged},
		"a file further down": {func(dir string) error { return os.WriteFile(filepath.Join(dir, "a/c/z"), []byte("other"), 0o644) }, source.ErrChanged},
		"a file is gone":      {func(dir string) error { return os.Remove(filepath.Join(dir, "a/y")) }, source.ErrChanged},
		"a folder is gone":    {func(dir string) error { return os.RemoveAll(filepath.Join(dir, "a")) }, source.ErrChanged},
		"the root is gone":    {os.RemoveAll, source.ErrChanged},
		"a file for a folder": {func(dir string) error {
			return errors.Join(os.RemoveAll(filepath.Join(dir, "a")), os.WriteFile(filepath.Join(dir, "a"), nil, 0o644))
		}, source.ErrChanged},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			dir := t.TempDir()
			filetest.WriteFiles(t, dir, files)
			src := scan(t, s, dir)
			if err := c.change(dir); err != nil {
				t.Fatal(err)
			}
			if err := src.Unchanged(src.Tree); !errors.Is(err, c.want) {
				t.Fatalf("the whole: %v, want %v", err, c.want)
			}
			part := src.Tree.Filter(func(name string) bool { return name != "a-b" })
			if err := src.Unchanged(part); !errors.Is(err, c.want) {
				t.Fatalf("a part: %v, want %v", err, c.want)
			}
		})
	}
}
