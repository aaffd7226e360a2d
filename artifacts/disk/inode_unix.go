//go:build linux || darwin

package disk

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// noFollow opens a name without following a link, and without waiting for the other end
// of a pipe.
const noFollow = unix.O_NOFOLLOW | unix.O_NONBLOCK

// NamesOf returns how many names a file has.
func NamesOf(st fs.FileInfo) int {
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		return int(sys.Nlink)
	}
	return 1
}

// IsOwn reports whether this user owns a file.
func IsOwn(st fs.FileInfo) bool {
	sys, ok := st.Sys().(*syscall.Stat_t)
	return !ok || int(sys.Uid) == os.Geteuid()
}

// A FileID identifies a file as long as it exists.
type FileID struct{ device, inode uint64 }

// IDOf returns the FileID of a file.
func IDOf(st fs.FileInfo) FileID {
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		return FileID{uint64(sys.Dev), sys.Ino}
	}
	return FileID{}
}
