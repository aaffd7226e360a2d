package kernel

import "golang.org/x/sys/cpu"

// assemblyExps returns Exps in assembly, and whether this machine can run it.
func assemblyExps() (func([]float64), bool) { return expsByFour, cpu.X86.HasAVX2 }

// expsByFour leaves to plain Go what is not near enough to 0, and what is left over.
func expsByFour(x []float64) {
	for len(x) >= 4 {
		done := 4 * expsAVX2(&x[0], len(x)/4)
		next := min(done+4, len(x))
		plainExps(x[done:next])
		x = x[next:]
	}
	plainExps(x)
}

// expsAVX2 replaces elements four by four, at most fours times, until one of four is not within
// ±700, where results and what leads to them are normal numbers. It returns how many fours it has replaced.
//
//go:noescape
func expsAVX2(x *float64, fours int) int
