package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"assay/artifacts/disk"
)

// WriteFile writes a file so that whoever reads it sees it whole. What is written
// so can tell that it is damaged, and losing it costs time and nothing else: it
// is not waited for on its way to the disk.
func (s *Store) WriteFile(path string, b []byte) error {
	tmp, err := s.writeTemp(b, 0o644)
	if err != nil {
		return err
	}
	return moveTo(tmp, path)
}

// WriteFlushed is [Store.WriteFile] for what must not be lost.
func (s *Store) WriteFlushed(path string, b []byte) error {
	tmp, err := s.writeTemp(b, 0o644)
	if err == nil {
		err = disk.FlushFile(tmp)
	}
	if err != nil {
		return err
	}
	return moveTo(tmp, path)
}

// writeTemp writes b to a file of this process.
func (s *Store) writeTemp(b []byte, mode fs.FileMode) (string, error) {
	f, err := s.work.File()
	if err != nil {
		return "", err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}

// moveTo renames a file to a two-level name, and makes its folder if necessary.
func moveTo(from, to string) error {
	err := os.Rename(from, to)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return os.Rename(from, to)
}
