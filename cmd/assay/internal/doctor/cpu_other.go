//go:build !amd64

package doctor

// features says that there are no kernels in assembly for this machine.
func features() (names string, fast bool) { return "kernels in Go", true }
