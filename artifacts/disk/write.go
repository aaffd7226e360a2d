package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// WriteFile writes a file outside the store so that a reader, or a crash,
// sees the old one or the new one and nothing between.
func WriteFile(path string, b []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".assay-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = Fill(b)(f)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

// Fill fills a file with a text, and waits until it is on the disk.
func Fill(b []byte) func(*os.File) error {
	return func(f *os.File) error {
		_, err := f.Write(b)
		return errors.Join(err, f.Sync())
	}
}
