package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// HasWriter reports whether anybody has the file open for writing, or mapped so.
// The kernel gives a read lease only on a file of which that is not so (fcntl(2),
// F_SETLEASE). Where it gives none at all, nothing is known.
func HasWriter(f *os.File) bool {
	_, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	if err == nil {
		unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
	}
	return err == unix.EAGAIN
}
