package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// HasWriter reports whether anybody has the file open for writing, or mapped so. The
// kernel grants a read lease only on a file without writers (fcntl(2), F_SETLEASE).
// Where it grants none at all, the result is false.
func HasWriter(f *os.File) bool {
	_, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	if err == nil {
		unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
	}
	return err == unix.EAGAIN
}
