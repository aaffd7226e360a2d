//go:build !linux

package artifacts

// spread does nothing here.
func spread(string) {}
