package f64

import (
	"golang.org/x/sys/cpu"
)

// assembly returns the kernels in assembly, and whether this machine can run them.
func assembly() (kernels, bool) { return kernels{exp: expFours}, cpu.X86.HasAVX2 }

// expFours leaves to kernel.Exp what is not near enough to 0, and what is left over.
func expFours(x []float64) {
	for len(x) >= 4 {
		done := 4 * expAVX2(&x[0], len(x)/4)
		exp(x[done:min(done+4, len(x))])
		x = x[min(done+4, len(x)):]
	}
	exp(x)
}

// expAVX2 replaces elements four by four, at most fours times, until one of four is not within
// ±700, where results and what leads to them are normal numbers. It returns how many fours it has replaced.
//
//go:noescape
func expAVX2(x *float64, fours int) int
