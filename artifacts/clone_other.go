//go:build !linux

package artifacts

import "errors"

// cloneFile is for Linux: elsewhere files are linked or copied.
func cloneFile(_, _ string) error { return errors.ErrUnsupported }
