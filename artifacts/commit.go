package artifacts

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// fresh is a file that is to become a blob.
type fresh struct {
	path   string
	digest Digest
}

// Commit moves the files below dir into the store and returns their tree.
// What is neither a file nor a folder is an error. The content of all files is
// on the disk before the name of any is: a machine that stops cannot leave a
// blob that looks whole and is not.
func (s *Store) Commit(dir string) (Tree, error) {
	var t Tree
	var list []fresh
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := outputName(dir, path, e)
		if err != nil {
			return err
		}
		d, err := hashFile(path)
		if err != nil {
			return err
		}
		t = append(t, File{name, d})
		if s.Whole(d, false) {
			return os.Remove(path)
		}
		list = append(list, fresh{path, d})
		return os.Chmod(path, 0o444)
	})
	if err != nil {
		return nil, err
	}
	if err := s.adopt(list); err != nil {
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

// adopt makes blobs of files, which then are gone from where they were.
func (s *Store) adopt(list []fresh) error {
	if err := flush(list); err != nil {
		return fmt.Errorf("write to the disk: %w", err)
	}
	for _, f := range list {
		if err := s.seal(f.path, f.digest); err != nil {
			return err
		}
	}
	return nil
}

// flushEach waits until the content of each file is on the disk.
func flushEach(list []fresh) error {
	for _, f := range list {
		if err := flushFile(f.path); err != nil {
			return err
		}
	}
	return nil
}

func flushFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
