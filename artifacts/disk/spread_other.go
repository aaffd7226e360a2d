//go:build !linux

package disk

// Spread does nothing here.
func Spread(string) {}
