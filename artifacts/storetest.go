package artifacts

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

func OpenTemp(t *testing.T) (*Store, *[]string) {
	t.Helper()
	var warnings []string
	s, err := Open(filepath.Join(t.TempDir(), "store"), func(w string) { warnings = append(warnings, w) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, &warnings
}

func CommitFiles(t *testing.T, s *Store, files map[string]string) Tree {
	t.Helper()
	sc, err := s.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	defer sc.Release()
	dir := sc.Dir
	WriteFiles(t, dir, files)
	tree, _, err := s.Commit(dir, Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// action records a result of one output, "out", that reads what is given.
func PutResult(t *testing.T, s *Store, name string, took time.Duration, files map[string]string, inputs ...Digest) *Result {
	t.Helper()
	text := "assay action 1\nkind k@1\nparams {\"name\":\"" + name + "\"}\n"
	for i, in := range inputs {
		text += fmt.Sprintf("input in%d[x=a b] %s\n", i, in)
	}
	r := &Result{Text: []byte(text + "output out\n"), Outputs: []Output{{"out", CommitFiles(t, s, files)}}, Took: took}
	r.Key = Of(r.Text)
	if err := s.Record(r); err != nil {
		t.Fatal(err)
	}
	return r
}

func IsHit(s *Store, r *Result) bool {
	_, err := s.Lookup(r.Key, true)
	return err == nil
}

// Sample is some files, two of them equal, one empty, and a name with a space.
var Sample = map[string]string{"a.txt": "one", "sub/b.txt": "two", "sub/deep/c.txt": "one", "z": "", "a b": "blank"}

// MemoOf returns the path of what the store remembers of its one source.
func MemoOf(t *testing.T, s *Store) string {
	t.Helper()
	memos, err := filepath.Glob(filepath.Join(s.Dir(), "sources", "*"))
	if err != nil || len(memos) != 1 {
		t.Fatalf("the store remembers the sources %q (%v), not one", memos, err)
	}
	return memos[0]
}
