package f32

import "math"

// AdamW are the settings of the optimiser (Loshchilov and Hutter 2019).
type AdamW struct {
	Rate         float64 // the learning rate of this step
	Beta1, Beta2 float64 // how much of the moments stays, e.g. 0.9 and 0.999
	Epsilon      float64 // keeps the root from 0, e.g. 1e-8
	Decay        float64 // weight decay, times Rate
	Clip         float64 // the factor of every gradient, ≤ 1; 1 for none
}

// Step makes step number t ≥ 1 on the weights w with the moments m and v and the
// gradient g, all of one length:
//
//	g' = Clip·g, m = β1·m + (1-β1)·g', v = β2·v + (1-β2)·g'²
//	w = w·(1 - Rate·Decay) - Rate/(1-β1^t) · m / (√v/√(1-β2^t) + ε)
//
// The elements do not depend on each other, so that several threads may each take
// a part of them.
func (a AdamW) Step(t int, w, m, v, g []float32) {
	equal("the length of m", len(m), len(w))
	equal("the length of v", len(v), len(w))
	equal("the length of g", len(g), len(w))
	if t < 1 {
		panic(wrong("the number of the step", t, 1))
	}
	if len(w) == 0 {
		return
	}
	step := a.Rate / (1 - power64(a.Beta1, t))
	correct := 1 / math.Sqrt(1-power64(a.Beta2, t))
	active.adamW(w, m, v, g, float32(a.Clip), float32(a.Beta1), float32(1-a.Beta1), float32(a.Beta2),
		float32(1-a.Beta2), float32(correct), float32(a.Epsilon), float32(-step), float32(1-float64(a.Rate*a.Decay)))
}

// power64 returns b^t by squaring; math.Pow differs between machines.
func power64(b float64, t int) float64 {
	r := 1.0
	for ; t > 0; t >>= 1 {
		if t&1 == 1 {
			r = float64(r * b)
		}
		b = float64(b * b)
	}
	return r
}

func plainAdamW(w, m, v, g []float32, clip, beta1, rest1, beta2, rest2, correct2, epsilon, minusStep, decay float32) {
	for i := range w {
		d := float32(g[i] * clip)
		m[i] = fma(m[i], beta1, float32(d*rest1))
		v[i] = fma(v[i], beta2, float32(float32(d*d)*rest2))
		by := m[i] / fma(root(v[i]), correct2, epsilon)
		w[i] = fma(by, minusStep, float32(w[i]*decay))
	}
}
