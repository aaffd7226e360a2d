package disk

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// manyFiles is the number of files from which on it is faster to flush their whole file
// system than to flush each.
const manyFiles = 16

// Flush flushes all files, which are on one file system, to the disk.
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
