package disk

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// manyFiles is the number of files from which on flushing their whole file
// system at once is faster than waiting for each.
const manyFiles = 16

// Flush waits until the content of all files, which are on one file system, is
// on the disk.
func Flush(paths []string) error {
	if len(paths) < manyFiles {
		return flushEach(paths)
	}
	f, err := os.Open(filepath.Dir(paths[0]))
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}
