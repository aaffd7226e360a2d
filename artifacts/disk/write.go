package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes a file outside the store so that readers, also after a crash, see
// either the old content or the new one. The file gets the given mode.
func WriteFile(path string, b []byte, mode fs.FileMode) error {
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
	if err := errors.Join(err, f.Chmod(mode), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

// Fill writes a text to a file and flushes it to the disk.
func Fill(b []byte) func(*os.File) error {
	return func(f *os.File) error {
		_, err := f.Write(b)
		return errors.Join(err, f.Sync())
	}
}
