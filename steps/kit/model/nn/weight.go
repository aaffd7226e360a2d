package nn

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// A weight is a matrix of parameters, or a vector (one row). It lies as the kernels
// want it: inputs × outputs, with columns of zeros up to a multiple of 16.
type weight struct {
	name  string
	shape []int // in a checkpoint, as PyTorch has it
	rows  int
	cols  int  // that mean something
	step  int  // columns with those of zeros
	flip  bool // a checkpoint has outputs × inputs
	taps  int  // of a convolution, else 1: a checkpoint has outputs × inputs × taps
	decay bool // shrinks by weight decay, as matrices do

	at   int       // where it lies among all weights
	data []float32 // rows × step
}

// tensor returns the weight as a checkpoint has it.
func (w *weight) tensor() []float32 {
	out := make([]float32, w.rows*w.cols)
	w.each(func(there, here int) { out[there] = w.data[here] })
	return out
}

// set takes the weight from a checkpoint.
func (w *weight) set(from []float32) {
	w.each(func(there, here int) { w.data[here] = from[there] })
}

// each calls f with the index of every element in a checkpoint and in data.
func (w *weight) each(f func(there, here int)) {
	in := w.rows / w.taps
	for r := range w.rows {
		for c := range w.cols {
			there := r*w.cols + c
			if w.flip {
				there = (c*in+r%in)*w.taps + r/in
			}
			f(there, r*w.step+c)
		}
	}
}

// A builder makes the weights of a network, and fills those of a new one.
type builder struct {
	seed    uint64
	weights []*weight
	drops   int // dropout layers so far
}

// add makes a weight whose elements are drawn from -limit to limit.
func (b *builder) add(w *weight, limit float64) *weight {
	w.step, w.taps = padded(w.cols), max(1, w.taps)
	w.data = make([]float32, w.rows*w.step)
	rng := b.random(w.name)
	w.each(func(_, here int) { w.data[here] = float32((float64(rng.Float64()) - 0.5) * (2 * limit)) })
	b.weights = append(b.weights, w)
	return w
}

// constant makes a vector that begins as a constant.
func (b *builder) constant(name string, n int, value float32) *weight {
	w := b.add(&weight{name: name, shape: []int{n}, rows: 1, cols: n}, 0)
	for i := range n {
		w.data[i] = value
	}
	return w
}

// random returns what is random about a weight. It depends on its name, so another
// weight more or less changes nothing.
func (b *builder) random(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(b.seed, h.Sum64()))
}

// linear makes the weights of a dense layer, within ±1/√in, as PyTorch has them.
func (b *builder) linear(weightName, biasName string, in, out int) (w, bias *weight) {
	limit := 1 / math.Sqrt(float64(in))
	w = b.add(&weight{name: weightName, shape: []int{out, in}, rows: in, cols: out, flip: true, decay: true}, limit)
	return w, b.add(&weight{name: biasName, shape: []int{out}, rows: 1, cols: out}, limit)
}

// flatten puts all weights into one slice, those that decay first, so that the
// optimiser walks through two ranges.
func flatten(list []*weight) (all []float32, decaying int) {
	n := 0
	for _, decays := range []bool{true, false} {
		for _, w := range list {
			if w.decay == decays {
				w.at = n
				n += len(w.data)
			}
		}
		if decays {
			decaying = n
		}
	}
	all = make([]float32, n)
	for _, w := range list {
		copy(all[w.at:], w.data)
		w.data = all[w.at : w.at+len(w.data) : w.at+len(w.data)]
	}
	return all, decaying
}
