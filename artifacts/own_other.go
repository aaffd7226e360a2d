//go:build !unix

package artifacts

import "os"

// isOwn reports whether path is a folder; here, those for what is temporary are a
// user's own.
func isOwn(path string) bool {
	st, err := os.Lstat(path)
	return err == nil && st.IsDir()
}
