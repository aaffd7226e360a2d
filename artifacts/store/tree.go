package store

import (
	"fmt"
	"io/fs"
	"os"

	"assay/artifacts"
)

// PutTree stores the text of a tree whose files are in the store. It is not
// waited for on its way to the disk, since ReadTree hashes what it reads.
func (s *Store) PutTree(t artifacts.Tree) error {
	text := t.Text()
	d := artifacts.Of(text)
	if s.Whole(d, false) {
		return nil
	}
	path, err := s.writeTemp(text, BlobMode)
	if err != nil {
		return err
	}
	if err := os.Chtimes(path, Sealed, Sealed); err != nil {
		return err
	}
	return moveTo(path, s.Path(d))
}

// ReadTree returns the tree named d.
func (s *Store) ReadTree(d artifacts.Digest) (artifacts.Tree, error) {
	text, err := os.ReadFile(s.Path(d))
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", d.Short(), err)
	}
	if artifacts.Of(text) != d {
		s.Whole(d, true) // takes it away, so that it can be made again
		return nil, fmt.Errorf("tree %s is damaged", d.Short())
	}
	t, err := artifacts.ParseTree(text)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", d.Short(), err)
	}
	return t, nil
}

// FS returns the files of a tree, read in place from the store.
func (s *Store) FS(t artifacts.Tree) fs.FS {
	return storeFS{artifacts.NewFS(t, func(name string) string {
		d, _ := t.Lookup(name)
		return s.Path(d)
	}), s, t}
}

// storeFS is a tree that is in a store.
type storeFS struct {
	*artifacts.TreeFS
	store *Store
	tree  artifacts.Tree
}
