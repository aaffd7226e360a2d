package artifacts

import (
	"os"

	"golang.org/x/sys/unix"
)

// manyFiles is the number of files from which on flushing their whole file
// system at once is faster than waiting for each.
const manyFiles = 64

// flush waits until the content of all files, which are on one file system, is
// on the disk.
func flush(list []fresh) error {
	if len(list) < manyFiles {
		return flushEach(list)
	}
	f, err := os.Open(list[0].path)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}
