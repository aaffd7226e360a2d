//go:build !linux

package disk

import (
	"errors"
	"os"
)

// Clone is for Linux: elsewhere files are linked or copied.
func Clone(_, _ *os.File) error { return errors.ErrUnsupported }
