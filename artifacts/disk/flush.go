package disk

import (
	"errors"
	"io/fs"
	"os"
)

// flushEach flushes each file to the disk. Files that no longer exist are skipped.
func flushEach(paths []string) error {
	for _, path := range paths {
		if err := FlushFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// FlushFile flushes a file to the disk.
func FlushFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
