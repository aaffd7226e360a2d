package disk

import (
	"os"

	"github.com/gofrs/flock"
)

// SameFile reports whether path still names the locked file.
func SameFile(lock *flock.Flock, path string) bool {
	held, err1 := lock.Stat()
	named, err2 := os.Stat(path)
	return err1 == nil && err2 == nil && os.SameFile(held, named)
}
