//go:build linux || darwin

package artifacts

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// noFollow opens what a name stands for and no link, and does not wait for the
// other end of a pipe.
const noFollow = unix.O_NOFOLLOW | unix.O_NONBLOCK

// namesOf returns how many names a file has.
func namesOf(st fs.FileInfo) int {
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		return int(sys.Nlink)
	}
	return 1
}

// isOwn reports whether a file is this user's.
func isOwn(st fs.FileInfo) bool {
	sys, ok := st.Sys().(*syscall.Stat_t)
	return !ok || int(sys.Uid) == os.Geteuid()
}

// A fileID tells files apart that there are at one time.
type fileID struct{ device, inode uint64 }

func idOf(st fs.FileInfo) fileID {
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		return fileID{uint64(sys.Dev), sys.Ino}
	}
	return fileID{}
}
