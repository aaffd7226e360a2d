package artifacts

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// cloneFile makes a file that shares its blocks with a blob, and looks like one
// that is sealed. Where the file system cannot do that the error is
// [errors.ErrUnsupported], and there is no file.
func cloneFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, blobMode)
	if err != nil {
		return err
	}
	if unix.IoctlFileClone(int(w.Fd()), int(r.Fd())) != nil {
		w.Close()
		return errors.Join(os.Remove(to), errors.ErrUnsupported)
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.Chtimes(to, sealed, sealed)
}
