//go:build !amd64 && !arm64

package f32

// assembly lists the kernels in assembly that this machine can run.
func assembly() []*kernels { return nil }
