// Package storetest has what tests of packages that use a store share.
package storetest

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"assay/artifacts"
	"assay/artifacts/filetest"
	"assay/artifacts/store"
)

// Open makes a store in a folder of the test, and returns it and its warnings.
func Open(t *testing.T) (*store.Store, *[]string) {
	t.Helper()
	var warnings []string
	s, err := store.Open(filepath.Join(t.TempDir(), "store"), func(w string) { warnings = append(warnings, w) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, &warnings
}

// CommitFiles puts files into the store, as an action would, and returns their tree.
func CommitFiles(t *testing.T, s *store.Store, files map[string]string) artifacts.Tree {
	t.Helper()
	sc, err := s.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	defer sc.Release()
	dir := sc.Dir
	filetest.WriteFiles(t, dir, files)
	tree, _, err := s.Commit(dir, store.Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// PutResult records a result of one output, "out", that reads what is given.
func PutResult(t *testing.T, s *store.Store, name string, took time.Duration, files map[string]string,
	inputs ...artifacts.Digest) *store.Result {
	t.Helper()
	text := "assay action 1\nkind k@1\nparams {\"name\":\"" + name + "\"}\n"
	for i, in := range inputs {
		text += fmt.Sprintf("input in%d[x=a b] %s\n", i, in)
	}
	r := &store.Result{Text: []byte(text + "output out\n"), Outputs: []store.Output{{Port: "out", Tree: CommitFiles(t,
		s, files)}}, Took: took}
	r.Key = artifacts.Of(r.Text)
	if err := s.PutResult(r); err != nil {
		t.Fatal(err)
	}
	return r
}

// IsHit reports whether the store has a result whole.
func IsHit(s *store.Store, r *store.Result) bool {
	_, err := s.Lookup(r.Key, true)
	return err == nil
}

// Sample is some files, two of them equal, one empty, and a name with a space.
var Sample = map[string]string{"a.txt": "one", "sub/b.txt": "two", "sub/deep/c.txt": "one", "z": "", "a b": "blank"}

// MemoOf returns the path of what the store remembers of its one source.
func MemoOf(t *testing.T, s *store.Store) string {
	t.Helper()
	memos, err := filepath.Glob(filepath.Join(s.Dir(), "sources", "*"))
	if err != nil || len(memos) != 1 {
		t.Fatalf("the store remembers the sources %q (%v), not one", memos, err)
	}
	return memos[0]
}
