package rocket

import (
	"math/rand/v2"

	"assay/steps/kit/kernel"
)

const (
	kernels = 84 // ways to choose 3 of 9 taps
	taps    = 9
	heavy   = 3 // taps that weigh 2

	maxDilations = 32 // of a kernel, as in the paper
	mostChannels = 9  // of a pair, as in the paper
)

// A plan says which convolutions there are. Pair i is kernel i%84 with dilation i/84.
type plan struct {
	Points    int     `json:"points"`    // of a window
	Inputs    int     `json:"inputs"`    // channels and masks
	Dilations []int   `json:"dilations"` // ascending
	Biases    []int   `json:"biases"`    // of each pair, by dilation
	Channels  [][]int `json:"channels"`  // of each pair, ascending: inputs that it adds up
}

// triples returns the heavy taps of each kernel, in the order of the paper.
func triples() (list [kernels][heavy]int) {
	i := 0
	for a := range taps {
		for b := a + 1; b < taps; b++ {
			for c := b + 1; c < taps; c++ {
				list[i] = [heavy]int{a, b, c}
				i++
			}
		}
	}
	return list
}

// newPlan draws the convolutions of windows of some points and inputs. The number of features is
// the highest multiple of 84 that is not above features.
func newPlan(points, inputs, features int, rng *rand.Rand) *plan {
	p := &plan{Points: points, Inputs: inputs}
	p.dilate(features / kernels)
	for range len(p.Dilations) * kernels {
		p.Channels = append(p.Channels, drawChannels(inputs, rng))
	}
	return p
}

// dilate chooses the dilations, and how many biases the pairs of each have, if each kernel has
// some features: dilations are spread evenly on a scale of powers of two, up to that with which a
// kernel is as long as a window.
func (p *plan) dilate(perKernel int) {
	draws := min(perKernel, maxDilations)
	top := kernel.Log(max(1, float64(p.Points-1)/(taps-1)))
	for i := range draws {
		d := 1
		if draws > 1 {
			d = int(kernel.Exp(float64(top * float64(i) / float64(draws-1))))
		}
		d = min(d, p.widest())
		if n := len(p.Dilations); n == 0 || p.Dilations[n-1] != d {
			p.Dilations, p.Biases = append(p.Dilations, d), append(p.Biases, 0)
		}
		p.Biases[len(p.Biases)-1]++
	}
	rest := perKernel
	for i, n := range p.Biases {
		p.Biases[i] = n * perKernel / draws
		rest -= p.Biases[i]
	}
	for i := 0; rest > 0; i = (i + 1) % len(p.Biases) {
		p.Biases[i]++
		rest--
	}
}

// widest returns the largest dilation: 1 if a window is shorter than a kernel.
func (p *plan) widest() int { return max(1, (p.Points-1)/(taps-1)) }

// drawChannels draws the inputs of a pair: from 1 to 9 of them, fewer more often than many.
func drawChannels(inputs int, rng *rand.Rand) []int {
	most := min(inputs, mostChannels)
	n := int(kernel.Exp(float64(rng.Float64() * kernel.Log(float64(most+1)))))
	n = max(1, min(n, most))
	drawn := make([]bool, inputs)
	for range n {
		c := rng.IntN(inputs)
		for drawn[c] {
			c = rng.IntN(inputs)
		}
		drawn[c] = true
	}
	list := make([]int, 0, n)
	for c, is := range drawn {
		if is {
			list = append(list, c)
		}
	}
	return list
}

// features returns the number of features.
func (p *plan) features() int {
	n := 0
	for _, biases := range p.Biases {
		n += kernels * biases
	}
	return n
}
