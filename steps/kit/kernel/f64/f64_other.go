//go:build !amd64

package f64

func assembly() (kernels, bool) { return kernels{}, false }
