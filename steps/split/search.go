package split

import "math/rand/v2"

// improve exchanges boots and samples until nothing helps and returns the score.
func (c *crossing) improve(r random, samples bool) int64 {
	score := c.score()
	for range searchPasses {
		before := score
		score = c.swapBoots(r, score)
		if samples {
			score = c.swapSamples(score)
		}
		if score == before {
			break
		}
	}
	return score
}

// swapBoots tries to exchange tested boots for others, drawn at random.
func (c *crossing) swapBoots(r random, score int64) int64 {
	var in, out []int
	for b, tested := range c.tested {
		if tested {
			in = append(in, b)
		} else {
			out = append(out, b)
		}
	}
	for range min(4*len(in)*len(out), searchSwaps) {
		i, j := r.below(len(in)), r.below(len(out))
		c.turn(in[i])
		c.turn(out[j])
		if s := c.score(); s > score {
			score = s
			in[i], out[j] = out[j], in[i]
			continue
		}
		c.turn(in[i])
		c.turn(out[j])
	}
	return score
}

// turn moves a boot from the test part to training, or back.
func (c *crossing) turn(boot int) {
	c.tally(boot, -1)
	c.tested[boot] = !c.tested[boot]
	c.tally(boot, 1)
}

// swapSamples tries every held-out sample against every other of its profile.
func (c *crossing) swapSamples(score int64) int64 {
	for _, samples := range c.profiles {
		for _, a := range samples {
			for _, b := range samples {
				if !c.held[a] || c.held[b] {
					continue
				}
				c.turnSample(a)
				if c.spares(b) {
					c.turnSample(b)
					if s := c.score(); s > score {
						score = s
						continue
					}
					c.turnSample(b)
				}
				c.turnSample(a)
			}
		}
	}
	return score
}

// turnSample holds a sample out, or takes it back.
func (c *crossing) turnSample(sample int) {
	c.held[sample] = !c.held[sample]
	for _, x := range c.samples[sample] {
		n := x.n
		if !c.held[sample] {
			n = -n
		}
		if c.tested[x.at] {
			c.test[x.profile] += n
		} else {
			c.train[x.profile] -= n
		}
	}
}

// A random draws numbers whose sequence no release of a library can change.
type random struct{ src *rand.PCG }

// below returns a number from 0 to n-1.
func (r random) below(n int) int { return int(r.src.Uint64() % uint64(n)) }

// order returns the numbers 0 to n-1 shuffled.
func (r random) order(n int) []int {
	list := make([]int, n)
	for i := range list {
		j := r.below(i + 1)
		list[i], list[j] = list[j], i
	}
	return list
}
