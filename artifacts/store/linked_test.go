package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"assay/artifacts"
)

// TestCommitOfManyLinkedFiles commits an output in which every file has a second
// name: which names belong together is told apart for each of them.
func TestCommitOfManyLinkedFiles(t *testing.T) {
	const n = 3000
	s, _ := open(t)
	_, out := place(t, s)
	for i := range n {
		first := filepath.Join(out, fmt.Sprint("a", i))
		err := errors.Join(os.WriteFile(first, fmt.Append(nil, i), 0o644), os.Link(first, filepath.Join(out, fmt.Sprint("b", i))))
		if err != nil {
			t.Fatal(err)
		}
	}
	tree, said, err := s.Commit(out, Inputs{})
	if err != nil || len(said) > 0 || len(tree) != 2*n {
		t.Fatalf("%d files, %q, %v", len(tree), said, err)
	}
	for i := range n {
		want := artifacts.Of(fmt.Append(nil, i))
		a, _ := tree.Lookup(fmt.Sprint("a", i))
		b, _ := tree.Lookup(fmt.Sprint("b", i))
		if a != want || b != want {
			t.Fatalf("files %d are %v and %v, want %v", i, a, b, want)
		}
	}
}
