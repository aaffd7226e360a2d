// Package f64 applies functions of float64 to slices. Call [Exp].
//
// Every element gets the bits that the function of package kernel gives it: plain Go calls that, and
// the assembly for AVX2 takes the same steps, each rounded once, four elements at a time.
// ASSAY_KERNEL=plain takes plain Go everywhere, for tests.
package f64

import (
	"os"

	"assay/steps/kit/kernel"
)

// active are the kernels of this process, chosen once.
var active = choose(os.Getenv("ASSAY_KERNEL"))

type kernels struct {
	exp func(x []float64)
}

func choose(name string) kernels {
	if best, ok := assembly(); name != "plain" && ok {
		return best
	}
	return plain()
}

// plain is the definition.
func plain() kernels { return kernels{exp: exp} }

// Exp replaces every element by kernel.Exp of it.
func Exp(x []float64) { active.exp(x) }

func exp(x []float64) {
	for i, v := range x {
		x[i] = kernel.Exp(v)
	}
}
