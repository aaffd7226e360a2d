//go:build !amd64

package tally

// assembly returns the kernel in assembly that this machine can run, or nil.
func assembly() kernel { return nil }
