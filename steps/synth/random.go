package synth

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
)

// A random draws numbers whose sequence is the same on every machine and with every
// release of a library.
type random struct{ src *rand.PCG }

// newRandom returns the generator that a name seeds.
func newRandom(format string, args ...any) random {
	sum := sha256.Sum256(fmt.Appendf(nil, "synth "+format, args...))
	return random{rand.NewPCG(binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:]))}
}

// below returns a number from 0 to n-1.
func (r random) below(n int) int { return int(r.src.Uint64() % uint64(n)) }

// unit returns a number from 0 to 1, 1 excluded.
func (r random) unit() float64 { return float64(r.src.Uint64()>>11) / (1 << 53) }

// between returns a number from lo to hi.
func (r random) between(lo, hi float64) float64 { return lo + float64((hi-lo)*r.unit()) }

// chance returns true with a probability.
func (r random) chance(p float64) bool { return r.unit() < p }

// noise returns a number of mean 0 and variance 1, between -3.5 and 3.5: the sum of four
// uniform numbers of 16 bits each.
func (r random) noise() float64 {
	u := r.src.Uint64()
	sum := u&0xffff + u>>16&0xffff + u>>32&0xffff + u>>48
	return (float64(sum) - 2*65535) * (math.Sqrt2 * 1.2247448713915890 / 65535)
}

// count draws how many events happen in a time that has mean of them on average. The
// number has about the mean and the variance of a Poisson distribution, without its
// exponential.
func (r random) count(mean float64) int64 {
	if mean <= 0 {
		return 0
	}
	if mean < 1 {
		if r.unit() < mean {
			return 1
		}
		return 0
	}
	return int64(max(0, mean+float64(math.Sqrt(mean)*r.noise())+r.unit()))
}

// pick returns a random element of a list.
func pick[T any](r random, list []T) T { return list[r.below(len(list))] }
