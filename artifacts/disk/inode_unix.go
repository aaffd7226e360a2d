//go:build linux || darwin

package disk

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// noFollow opens what a name stands for and no link, and does not wait for the
// other end of a pipe.
const noFollow = unix.O_NOFOLLOW | unix.O_NONBLOCK

// NamesOf returns how many names a file has.
func NamesOf(st fs.FileInfo) int {
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		return int(sys.Nlink)
	}
	return 1
}

// IsOwn reports whether a file is this user's.
func IsOwn(st fs.FileInfo) bool {
	sys, ok := st.Sys().(*syscall.Stat_t)
	return !ok || int(sys.Uid) == os.Geteuid()
}

// A FileID tells files apart that there are at one time.
type FileID struct{ device, inode uint64 }

// IDOf returns the identity of a file.
func IDOf(st fs.FileInfo) FileID {
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		return FileID{uint64(sys.Dev), sys.Ino}
	}
	return FileID{}
}
