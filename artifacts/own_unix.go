//go:build unix

package artifacts

import (
	"io/fs"
	"os"
	"syscall"
)

// isOwn reports whether a file is this process's user's.
func isOwn(st fs.FileInfo) bool {
	sys, ok := st.Sys().(*syscall.Stat_t)
	return ok && int(sys.Uid) == os.Geteuid()
}
