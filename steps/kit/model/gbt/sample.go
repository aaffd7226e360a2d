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
		if n-i == want || rng.IntN(n-i) < want {
			yes(i)
			want--
		}
	}
}

// sample draws the rows of a tree, which it moves to the front of g.rows in ascending
// order, and the features of the tree and of each level, and returns how many rows.
func (g *grower) sample(p Params, tree int) (rows int) {
	n := g.bins.rows
	g.left = g.left[:0]
	next := int32(0)
	add := func(i int) {
		for ; next < int32(i); next++ {
			g.left = append(g.left, next)
		}
		if i < n {
			g.rows[rows] = next
			rows++
			next++
		}
	}
	choose(stream(p.Seed, "rows", tree), n, share(n, p.Subsample), add)
	add(n)
	g.sampleFeatures(p, tree)
	return rows
}

func (g *grower) sampleFeatures(p Params, tree int) {
	clear(g.wanted)
	f := len(g.wanted)
	if f == 0 {
		return // every feature is constant: the trees are single leaves
	}
	var all []int32
	choose(stream(p.Seed, "features", tree), f, share(f, p.ColsampleTree), func(i int) {
		g.wanted[i] = true
		all = append(all, int32(i))
	})
	rng := stream(p.Seed, "levels", tree)
	for d := range g.levels {
		g.levels[d] = g.levels[d][:0]
		choose(rng, len(all), share(len(all), p.ColsampleLevel), func(i int) {
			g.levels[d] = append(g.levels[d], all[i])
		})
	}
}
