package kernel

import "os"

// Exps replaces every element by [Exp] of it, and gives it the same bits: plain Go calls Exp, and
// the assembly for AVX2 takes the same steps, each rounded once, four elements at a time.
// ASSAY_KERNEL=plain takes plain Go everywhere, for tests.
func Exps(x []float64) { chosenExps(x) }

// chosenExps is what this process takes, chosen once.
var chosenExps = chooseExps(os.Getenv("ASSAY_KERNEL"))

func chooseExps(name string) func([]float64) {
	if best, ok := assemblyExps(); name != "plain" && ok {
		return best
	}
	return plainExps
}

// plainExps is the definition.
func plainExps(x []float64) {
	for i, v := range x {
		x[i] = Exp(v)
	}
}
