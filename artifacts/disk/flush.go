package disk

import (
	"errors"
	"io/fs"
	"os"
)

// flushEach waits until the content of each file is on the disk. One that is
// gone meanwhile needs no flushing.
func flushEach(paths []string) error {
	for _, path := range paths {
		if err := FlushFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// FlushFile waits until the content of a file is on the disk.
func FlushFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
