//go:build !amd64

package tally

// assembly returns the kernels in assembly, and whether this machine can run them.
func assembly() (kernels, bool) { return kernels{}, false }
