package disk

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Clone makes w, an empty file, share the blocks of r. The error is
// [errors.ErrUnsupported] if the file system cannot do that.
func Clone(w, r *os.File) error {
	if unix.IoctlFileClone(int(w.Fd()), int(r.Fd())) != nil {
		return errors.ErrUnsupported
	}
	return nil
}
