package nn

import (
	"math"

	"assay/steps/kit/kernel"
	"assay/steps/kit/kernel/f32"
)

// The constants of AdamW, as everybody has them.
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

// An optimiser moves the weights of a network by AdamW, with a learning rate that
// rises and then falls along a cosine (Loshchilov and Hutter 2017), and gradients
// that are clipped by their norm (Pascanu et al. 2013).
type optimiser struct {
	settings Settings
	steps    int       // in all
	step     int       // made so far
	m, v     []float32 // moments of all weights
	dots     []float64 // of the chunks of the gradient
}

func newOptimiser(n *Net, s Settings, steps int) *optimiser {
	return &optimiser{settings: s, steps: steps, m: make([]float32, len(n.all)), v: make([]float32, len(n.all))}
}

// rate returns the learning rate of a step, from 1.
func (o *optimiser) rate(step int) float64 {
	rising := math.Ceil(float64(o.settings.Warmup * float64(o.steps)))
	if t := float64(step); t <= rising {
		return o.settings.Rate * t / rising
	}
	gone := (float64(step) - rising) / math.Max(1, float64(o.steps)-rising)
	return o.settings.Rate * (1 + kernel.CosPi(gone)) / 2
}

// move makes a step with the gradients that a runner computed, and returns their
// norm. It makes none if the norm is not a finite number.
func (o *optimiser) move(r *runner) float64 {
	g := r.shards[0].grads
	norm := o.norm(r, g)
	if norm-norm != 0 {
		return norm
	}
	o.step++
	a := f32.AdamW{Rate: o.rate(o.step), Beta1: beta1, Beta2: beta2, Epsilon: epsilon, Clip: 1}
	if norm > o.settings.Clip {
		a.Clip = o.settings.Clip / norm
	}
	n := r.net
	step := func(decay float64) func(from, to int) {
		a := a
		a.Decay = decay
		return func(from, to int) { a.Step(o.step, n.all[from:to], o.m[from:to], o.v[from:to], g[from:to]) }
	}
	r.chunks(0, n.decays, step(o.settings.Decay))
	r.chunks(n.decays, len(n.all), step(0))
	return norm
}

// norm returns the root of the sum of squares, chunk by chunk.
func (o *optimiser) norm(r *runner, g []float32) float64 {
	chunks := (len(g) + sumChunk - 1) / sumChunk
	if len(o.dots) < chunks {
		o.dots = make([]float64, chunks)
	}
	r.chunks(0, len(g), func(from, to int) {
		o.dots[from/sumChunk] = float64(f32.Dot(g[from:to], g[from:to]))
	})
	sum := 0.0
	for _, d := range o.dots[:chunks] {
		sum += d
	}
	return math.Sqrt(sum)
}
