//go:build !amd64

package i8

// assembly returns the kernel in assembly that this machine can run, or nil.
func assembly() kernel { return nil }
