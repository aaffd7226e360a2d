package gbt

import (
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
)

// stream returns the random numbers for one purpose in one tree. They depend on seed,
// purpose and tree only, so no tree's draw affects another's.
func stream(seed uint64, purpose string, tree int) *rand.Rand {
	return rand.New(rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "gbt %s %d %d", purpose, seed, tree))))
}

// share returns the given share of n, at least one.
func share(n int, part float64) int {
	return min(n, max(1, int(math.RoundToEven(float64(n)*part))))
}

// choose calls yes with want of the numbers below n, in ascending order. Every choice is
// equally likely (Knuth, TAOCP 3.4.2, algorithm S).
func choose(rng *rand.Rand, n, want int, yes func(i int)) {
	for i := 0; want > 0; i++ {
		if rng.IntN(n-i) < want {
			yes(i)
			want--
		}
	}
}
