// Package causal sets a window against those before it in its episode: by how much each value
// changed, and how far it is from the mean and the maximum so far. Nothing looks at a later
// window, so a live stream and a recording give the same bits.
//
// Call [Context.Next] with one window after the other, in the order of time. [Running] is what is
// kept of one value; read it first.
//
// The past begins with the first window that is given. Whoever begins in the middle of an episode
// has less of a past, and that is all: see [Context].
package causal

import (
	"math"

	"assay/steps/kit/kernel"
)

// A Running is what is kept of the past of one value: as much after a day as after a minute. The
// zero value has seen nothing.
type Running struct {
	count     int
	sum       float64 // in the order of time
	most, was float64
}

// Add takes a value into the past. One that is not finite is missing: it leaves no trace.
func (r *Running) Add(x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return
	}
	if r.count == 0 || x > r.most {
		r.most = x
	}
	r.was = x
	r.sum += x
	r.count++
}

// Mean returns the mean of the values so far, NaN if there are none.
func (r *Running) Mean() float64 { return r.sum / float64(r.count) }

// Max returns the largest of the values so far, NaN if there are none.
func (r *Running) Max() float64 { return r.orMissing(r.most) }

// Last returns the value before, NaN if there is none.
func (r *Running) Last() float64 { return r.orMissing(r.was) }

func (r *Running) orMissing(x float64) float64 {
	if r.count == 0 {
		return math.NaN()
	}
	return x
}

// Kinds is how many values of context each value has: its change, and its distance to the mean and
// to the maximum. [assay/steps/kit/channel.Contexts] names them, in this order.
const Kinds = 3

// A Context is the past of an episode's windows, of F values each.
//
// The mean and the maximum are those of the windows so far, the current one among them. A window
// without a past differs from nothing: its change and its distances are 0. So a cold start in the
// middle of an episode looks like a moment at which nothing happens, and not like a gap. A value
// that is missing (NaN or infinite) has no context, and the next one that is there is compared
// with the last one before the gap.
type Context struct{ past []Running }

// New returns the context of windows of so many values, before the first window.
func New(values int) *Context { return &Context{make([]Running, values)} }

// Reset forgets the past: the next window is the first of an episode.
func (c *Context) Reset() { clear(c.past) }

// Next takes the next window x, F values, and fills out with 3×F values of context, kind by kind:
// F changes since the window before, F distances x - mean, F distances x - maximum, which are 0 or
// less. Of each difference d, computed in float64, it gives the logarithm sign(d)·log(1 + |d|):
// differences of counters have tails so heavy that a linear model or a distance sees nothing else.
func (c *Context) Next(out, x []float32) {
	n := len(c.past)
	change, mean, most := out[:n], out[n:2*n], out[2*n:3*n]
	for i, v := range x[:n] {
		if !kernel.Finite(v) {
			gone := float32(math.NaN())
			change[i], mean[i], most[i] = gone, gone, gone
			continue
		}
		past, now := &c.past[i], float64(v)
		was := past.Last()
		if was != was {
			was = now
		}
		past.Add(now)
		change[i] = float32(SignLog(now - was))
		mean[i] = float32(SignLog(now - past.Mean()))
		most[i] = float32(SignLog(now - past.Max()))
	}
}

// SignLog returns sign(x)·log(1 + |x|).
func SignLog(x float64) float64 { return math.Copysign(kernel.Log(1+math.Abs(x)), x) }
