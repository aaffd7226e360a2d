package artifacts

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Publish makes the files of t lie below dir, outside the store. Files that
// are there as they should be are left alone, others are replaced whole; what
// else lies in dir is not touched. It returns how many files it wrote.
func (s *Store) Publish(t Tree, dir string) (int, error) {
	wrote := 0
	for _, f := range t {
		to := filepath.Join(dir, filepath.FromSlash(f.Name))
		if d, err := hashFile(to); err == nil && d == f.Digest {
			continue
		}
		b, err := os.ReadFile(s.Path(f.Digest))
		if err != nil {
			return wrote, err
		}
		if err := replaceFile(to, b); err != nil {
			return wrote, err
		}
		wrote++
	}
	return wrote, nil
}

// replaceFile writes a file outside the store so that a reader, or a crash,
// sees the old one or the new one and nothing between.
func replaceFile(path string, b []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".assay-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}
