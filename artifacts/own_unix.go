//go:build unix

package artifacts

import (
	"os"
	"syscall"
)

// isOwn reports whether path is a private folder of this process's user.
func isOwn(path string) bool {
	st, err := os.Lstat(path)
	if err != nil || !st.IsDir() || st.Mode().Perm() != 0o700 {
		return false
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	return ok && int(sys.Uid) == os.Geteuid()
}
