package artifacts

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Commit moves the files below dir into the store and returns their tree. What
// is neither a file nor a folder is an error. The new blobs are sealed later,
// see seal.go.
func (s *Store) Commit(dir string) (Tree, error) {
	var t Tree
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := outputName(dir, path, e)
		if err != nil {
			return err
		}
		d, err := s.adopt(path)
		t = append(t, File{name, d})
		return err
	})
	if err != nil {
		return nil, err
	}
	sortTree(t)
	return t, s.PutTree(t)
}

// outputName is the name in its artifact of the file at path.
func outputName(dir, path string, e fs.DirEntry) (string, error) {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return "", err
	}
	name := filepath.ToSlash(rel)
	if !e.Type().IsRegular() {
		return "", fmt.Errorf("output file %s is a %s; artifacts hold only plain files", name, e.Type())
	}
	return name, checkName(name)
}

// adopt makes a blob of the file at path, which then is gone from there.
func (s *Store) adopt(path string) (Digest, error) {
	d, err := hashFile(path)
	if err != nil {
		return d, err
	}
	if s.Whole(d, false) {
		return d, os.Remove(path)
	}
	if err := os.Chmod(path, blobMode); err != nil {
		return d, err
	}
	st, err := os.Lstat(path)
	if err != nil {
		return d, err
	}
	if err := s.place(path, s.Path(d)); err != nil {
		return d, err
	}
	s.unsealed.add(s, d, st)
	return d, nil
}
