//go:build !linux

package disk

// Flush waits until the content of all files is on the disk.
func Flush(paths []string) error { return flushEach(paths) }
