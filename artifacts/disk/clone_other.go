//go:build !linux

package disk

import (
	"errors"
	"os"
)

// Clone is not supported here: files are linked or copied instead.
func Clone(_, _ *os.File) error { return errors.ErrUnsupported }
