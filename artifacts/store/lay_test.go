package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"assay/artifacts"
)

// layable is a store with an artifact of two files, laid out below a folder.
func layable(t *testing.T, fenced bool) (s *Store, tree artifacts.Tree, dir string, intact func() error) {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "store"), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	from := t.TempDir()
	for name, text := range map[string]string{"a": "one", "sub/deep/b": "two"} {
		os.MkdirAll(filepath.Dir(filepath.Join(from, name)), 0o777)
		if err := os.WriteFile(filepath.Join(from, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if tree, _, err = s.Commit(from, Inputs{}); err != nil {
		t.Fatal(err)
	}
	if err := s.unsealed.seal(s); err != nil {
		t.Fatal(err)
	}
	sc, err := s.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(sc.Dir, "in")
	_, shared, intact, err := s.FS(tree).(storeFS).Lay(dir, fenced)
	if err != nil || shared && !fenced {
		t.Fatalf("shared %v, %v", shared, err)
	}
	return s, tree, dir, intact
}

func TestLayMakesPlainReadOnlyFiles(t *testing.T) {
	for _, fenced := range []bool{true, false} {
		_, tree, dir, intact := layable(t, fenced)
		for _, f := range tree {
			path := filepath.Join(dir, f.Name)
			st, err := os.Lstat(path)
			if err != nil || !st.Mode().IsRegular() || st.Mode().Perm()&0o222 != 0 || !st.ModTime().Equal(Sealed) {
				t.Errorf("%s: %v, %v", f.Name, st, err)
			}
			if d, err := artifacts.HashFile(path); err != nil || d != f.Digest {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
		if err := intact(); err != nil {
			t.Error(err)
		}
	}
}

// What cannot be linked or cloned is a copy, and so is all where no fence stands.
func TestLayWithoutAFenceReachesNoBlob(t *testing.T) {
	s, tree, dir, intact := layable(t, false)
	overwrite(t, filepath.Join(dir, "a"), "bad")
	if err := intact(); !errors.Is(err, ErrWritten) || !strings.HasPrefix(err.Error(), "a changed while") {
		t.Errorf("%v", err)
	}
	if !s.Whole(tree[0].Digest, true) {
		t.Error("it reached the store")
	}
}

func TestWhatWasDoneToInputsIsFoundAndMended(t *testing.T) {
	for name, do := range map[string]func(path string) error{
		"mode":  func(path string) error { return os.Chmod(path, 0o777) },
		"time":  func(path string) error { now := Sealed.Add(1e12); return os.Chtimes(path, now, now) },
		"gone":  os.Remove,
		"moved": func(path string) error { return os.Rename(path, path+"2") },
	} {
		s, tree, dir, intact := layable(t, true)
		if err := do(filepath.Join(dir, "a")); err != nil {
			t.Fatal(err)
		}
		if err := intact(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		st, err := os.Lstat(s.Path(tree[0].Digest))
		if err != nil || st.Mode().Perm() != BlobMode || !st.ModTime().Equal(Sealed) {
			t.Errorf("%s: the blob is %v, %v", name, st, err)
		}
	}
}

func TestABlobThatWasWrittenToIsNotKept(t *testing.T) {
	s, tree, dir, intact := layable(t, true)
	if s.cannotClone.Load() == false {
		t.Skip("the file system clones: nothing is shared")
	}
	overwrite(t, filepath.Join(dir, "sub", "deep", "b"), "bad")
	overwrite(t, filepath.Join(dir, "a"), "bad")
	if err := intact(); !errors.Is(err, ErrWritten) {
		t.Errorf("%v", err)
	}
	for _, f := range tree {
		if _, err := os.Lstat(s.Path(f.Digest)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there: %v", f.Name, err)
		}
	}
}

// overwrite does what a command can do to a file of its own user.
func overwrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Of what keeps a link from being made, only some is mended by a copy.
func TestCannotLink(t *testing.T) {
	_, _, dir, _ := layable(t, true)
	err := os.Link(filepath.Join(dir, "a"), filepath.Join(dir, "sub"))
	if cannotLink(err) {
		t.Errorf("a name that is taken is no reason to copy: %v", err)
	}
	for _, err := range []error{syscall.EXDEV, syscall.EMLINK, syscall.EPERM} {
		if !cannotLink(&os.LinkError{Op: "link", Err: err}) {
			t.Errorf("%v is one", err)
		}
	}
}
