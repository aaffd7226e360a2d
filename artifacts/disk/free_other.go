//go:build !linux

package disk

// Free is unknown on this system.
func Free(string) (free, total int64, ok bool) { return 0, 0, false }
