package artifacts

import "os"

// IsOwn reports whether what lies at path, or where a link there leads, is this
// user's.
func IsOwn(path string) bool {
	st, err := os.Stat(path)
	return err == nil && isOwn(st)
}
