package split

import (
	"hash/fnv"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// A crossing holds out samples and boots at once. Every episode lies in the cell of its
// boot and its sample. Held-out samples in tested boots are the test part; the other
// samples in the other boots are for training; the remaining cells are lost. The choice
// of boots and samples decides how much is lost, so they are searched for: see score and
// search.
type crossing struct {
	boots    [][]count // of each boot, by sample and profile
	samples  [][]count // of each sample, by boot and profile
	profiles [][]int   // the samples of each profile, sorted

	held   []bool // by sample
	tested []bool // by boot
	test   []int  // episodes in the test part, by profile
	train  []int  // episodes for training, by profile
}

// A count is n episodes of a profile at one sample (or boot) of a crossing.
type count struct{ at, profile, n int }

func newCrossing(d *data) *crossing {
	c := &crossing{
		boots: make([][]count, len(d.boots)), samples: make([][]count, len(d.samples)),
		profiles: make([][]int, len(d.profiles)),
	}
	for i := range d.eps {
		b, s, p := d.boot[i], d.sample[i], d.profile[i]
		c.boots[b] = add(c.boots[b], s, p)
		c.samples[s] = add(c.samples[s], b, p)
		if !slices.Contains(c.profiles[p], s) {
			c.profiles[p] = append(c.profiles[p], s)
		}
	}
	return c
}

func add(list []count, at, profile int) []count {
	for i := range list {
		if list[i].at == at && list[i].profile == profile {
			list[i].n++
			return list
		}
	}
	return append(list, count{at, profile, 1})
}

// choosable reports whether any profile has a sample to spare.
func (c *crossing) choosable() bool {
	return slices.ContainsFunc(c.profiles, func(samples []int) bool { return len(samples) > 1 })
}

// A choice is the best that a search found.
type choice struct{ held, tested []bool }

// Bounds of the search. A round on 10,000 boots takes well under a second.
const (
	searchRounds = 8     // starts of the search
	searchPasses = 12    // improvements of each
	searchSwaps  = 20000 // exchanges of boots tried in a pass
)

// search looks for held-out samples (those named, or the given number of each profile)
// and for about the given part of the boots such that score is high. It starts several
// times from a draw with the seed, and exchanges a tested boot for another, or a
// held-out sample for another of its profile, as long as that raises the score.
func (c *crossing) search(named []int, perProfile int, part float64, seed uint64) choice {
	h := fnv.New64a()
	h.Write([]byte("split/sample"))
	r := random{rand.NewPCG(seed, h.Sum64())}
	n := min(max(int(math.Round(part*float64(len(c.boots)))), 1), len(c.boots)-1)
	var best choice
	top := int64(-1)
	for range searchRounds {
		c.start(r, named, perProfile, n)
		score := c.improve(r, named == nil)
		if score > top {
			top, best = score, choice{slices.Clone(c.held), slices.Clone(c.tested)}
		}
	}
	for b, tested := range best.tested { // a boot that tests nothing may train
		if tested && !slices.ContainsFunc(c.boots[b], func(x count) bool { return best.held[x.at] }) {
			best.tested[b] = false
		}
	}
	return best
}

// start draws n boots, and samples where none are named.
func (c *crossing) start(r random, named []int, perProfile, n int) {
	c.held, c.tested = make([]bool, len(c.samples)), make([]bool, len(c.boots))
	c.test, c.train = make([]int, len(c.profiles)), make([]int, len(c.profiles))
	for _, b := range r.order(len(c.boots))[:n] {
		c.tested[b] = true
	}
	for _, s := range named {
		c.held[s] = true
	}
	if named == nil {
		for _, samples := range c.profiles {
			for _, i := range r.order(len(samples)) {
				c.held[samples[i]] = c.held[samples[i]] || c.heldOf(samples) < perProfile && c.spares(samples[i])
			}
		}
	}
	for b := range c.boots {
		c.tally(b, 1)
	}
}

func (c *crossing) heldOf(samples []int) (n int) {
	for _, s := range samples {
		if c.held[s] {
			n++
		}
	}
	return n
}

// spares reports whether every profile of a sample keeps another for training.
func (c *crossing) spares(sample int) bool {
	for _, samples := range c.profiles {
		if slices.Contains(samples, sample) && c.heldOf(samples) >= len(samples)-1 {
			return false
		}
	}
	return true
}

// tally adds what a boot gives to the parts, or takes it away.
func (c *crossing) tally(boot, sign int) {
	for _, x := range c.boots[boot] {
		switch {
		case c.tested[boot] && c.held[x.at]:
			c.test[x.profile] += sign * x.n
		case !c.tested[boot] && !c.held[x.at]:
			c.train[x.profile] += sign * x.n
		}
	}
}

// score is what the search maximizes: first the number of profiles that are both tested
// and trained on, then the sum over the profiles of the geometric mean of their episodes
// in the two parts. It is an integer, so it is the same on every machine.
func (c *crossing) score() int64 {
	var score int64
	for p := range c.test {
		if product := uint64(c.test[p]) * uint64(c.train[p]); product > 0 {
			score += 1<<40 + int64(root(product<<16))
		}
	}
	return score
}

// root is the square root of v, rounded down.
func root(v uint64) uint64 {
	x := uint64(1) << ((bits.Len64(v) + 1) / 2)
	for {
		y := (x + v/x) / 2
		if y >= x {
			return x
		}
		x = y
	}
}
