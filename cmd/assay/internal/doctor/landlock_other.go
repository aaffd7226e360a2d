//go:build !linux

package doctor

// landlock is Linux's.
func landlock() int { return 0 }
