package logistic

import (
	"context"
	"math"
)

// A minimiser finds the least value of a strictly convex function by L-BFGS (Nocedal and
// Wright, Numerical Optimization, algorithm 7.4). It goes downhill along the gradient
// times a guess at the inverse Hessian, which the last steps give.
type minimiser struct {
	evaluate  func(gradient, w []float64) float64
	tolerance float64 // of the largest size in the gradient
	most      int     // iterations

	w, gradient []float64 // where it is
	value       float64
	direction   []float64
	nextW, next []float64 // a place to look at, and the gradient there
	history     []change  // the last steps, oldest first
}

// A change is a step and what it did to the gradient.
type change struct {
	step, gradient []float64
	scale          float64 // 1 / their product
}

const (
	remembered = 12   // changes
	halvings   = 40   // of a step, before none is taken
	enough     = 1e-4 // share of the promised descent that a step must bring (Armijo's rule)
)

// newMinimiser starts from 0.
func newMinimiser(size int, evaluate func(gradient, w []float64) float64) *minimiser {
	v := func() []float64 { return make([]float64, size) }
	return &minimiser{evaluate: evaluate, w: v(), gradient: v(), direction: v(), nextW: v(), next: v()}
}

// run goes on from where it is and returns how many iterations it took. It stops at the
// tolerance, after the most iterations, or where no step goes down any further, which is
// as far as float64 can tell.
func (m *minimiser) run(ctx context.Context) (int, error) {
	m.history = m.history[:0]
	m.value = m.evaluate(m.gradient, m.w)
	for i := range m.most {
		if err := ctx.Err(); err != nil {
			return i, err
		}
		if largest(m.gradient) <= m.tolerance {
			return i, nil
		}
		m.aim()
		if !m.advance() {
			return i, nil
		}
	}
	return m.most, nil
}

// aim sets the direction: minus the guess at the inverse Hessian, times the gradient.
func (m *minimiser) aim() {
	d := m.direction
	for i, g := range m.gradient {
		d[i] = -g
	}
	if len(m.history) == 0 {
		scale(d, 1/math.Sqrt(dot(d, d)))
		return
	}
	var memory [remembered]float64
	for i := len(m.history) - 1; i >= 0; i-- {
		h := &m.history[i]
		memory[i] = float64(h.scale * dot(h.step, d))
		add(d, -memory[i], h.gradient)
	}
	last := &m.history[len(m.history)-1]
	scale(d, 1/float64(last.scale*dot(last.gradient, last.gradient)))
	for i := range m.history {
		h := &m.history[i]
		add(d, memory[i]-float64(h.scale*dot(h.gradient, d)), h.step)
	}
}

// advance takes a step in the direction: the whole of it, or a half, a quarter and so on. It
// returns false if none of them goes down.
func (m *minimiser) advance() bool {
	descent := dot(m.direction, m.gradient)
	if !(descent < 0) {
		return false
	}
	step := 1.0
	for range halvings {
		for i, d := range m.direction {
			m.nextW[i] = m.w[i] + float64(step*d)
		}
		value := m.evaluate(m.next, m.nextW)
		if value <= m.value+float64(enough*step*descent) {
			m.remember()
			m.w, m.nextW = m.nextW, m.w
			m.gradient, m.next = m.next, m.gradient
			m.value = value
			return true
		}
		step /= 2
	}
	return false
}

// remember keeps the change from here to the next place, in the memory of the oldest one.
// A convex function curves up along every step; where rounding hides that, nothing is kept.
func (m *minimiser) remember() {
	var c change
	if len(m.history) == remembered {
		c = m.history[0]
		m.history = append(m.history[:0], m.history[1:]...)
	} else {
		c = change{step: make([]float64, len(m.w)), gradient: make([]float64, len(m.w))}
	}
	for i := range m.w {
		c.step[i] = m.nextW[i] - m.w[i]
		c.gradient[i] = m.next[i] - m.gradient[i]
	}
	if product := dot(c.step, c.gradient); product > 0 {
		c.scale = 1 / product
		m.history = append(m.history, c)
	}
}
