package disk

import "golang.org/x/sys/unix"

// Free returns how many bytes the file system at path has, and how many of them this user
// may still write. It reports whether the system tells.
func Free(path string) (free, total int64, ok bool) {
	var st unix.Statfs_t
	if unix.Statfs(path, &st) != nil {
		return 0, 0, false
	}
	return int64(st.Bavail) * st.Bsize, int64(st.Blocks) * st.Bsize, true
}
