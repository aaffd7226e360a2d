package logistic

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"assay/steps/kit/kernel/f32"
)

// bowl is the quadratic ½ Σ aᵢ·(wᵢ - i)², with a from 0.001 to 1000.
func bowl(gradient, w []float64) float64 {
	value := 0.0
	for i, v := range w {
		a, d := math.Pow(10, float64(i%7)-3), v-float64(i)
		gradient[i] = a * d
		value += a * d * d / 2
	}
	return value
}

// TestMinimiser finds the bottom of a bowl that is a million times steeper in one direction
// than in another.
func TestMinimiser(t *testing.T) {
	m := newMinimiser(40, bowl)
	m.tolerance, m.most = 1e-9, 1000
	n, err := m.run(t.Context())
	if err != nil || largest(m.gradient) > 1e-9 {
		t.Fatalf("after %d iterations the gradient is %v, %v", n, largest(m.gradient), err)
	}
	for i, v := range m.w {
		if math.Abs(v-float64(i)) > 1e-5 {
			t.Errorf("w[%d] is %v", i, v)
		}
	}
	if again, _ := m.run(t.Context()); again != 0 {
		t.Errorf("from the bottom it takes %d iterations", again)
	}
}

// TestMinimiserStops ends early: after the most iterations, when told to, and where it can
// get no further.
func TestMinimiserStops(t *testing.T) {
	m := newMinimiser(40, bowl)
	m.tolerance, m.most = 1e-9, 3
	if n, err := m.run(t.Context()); n != 3 || err != nil {
		t.Errorf("%d iterations of 3, %v", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	m = newMinimiser(40, bowl)
	m.tolerance, m.most = 0, 100_000
	if n, err := m.run(t.Context()); n == m.most || err != nil || largest(m.gradient) > 1e-6 {
		t.Errorf("with no tolerance: %d iterations, gradient %v, %v", n, largest(m.gradient), err)
	}
}

// someProblem returns a problem of 3 classes and 4 features.
func someProblem(t *testing.T) *problem {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var x []float32
	var y []int32
	for i := range 50 {
		y = append(y, int32(i%3))
		for f := range 4 {
			x = append(x, float32(rng.NormFloat64()+float64((i+f)%3)))
		}
	}
	team := f32.NewTeam(2)
	t.Cleanup(team.Close)
	p := newProblem(x, y, []float64{0.02, 0.03, 0.01}, 4, team)
	p.lambda = 0.05
	return p
}

// TestGradient compares the gradient with differences of the loss.
func TestGradient(t *testing.T) {
	p := someProblem(t)
	rng := rand.New(rand.NewPCG(3, 4))
	w, g, scratch := make([]float64, p.size()), make([]float64, p.size()), make([]float64, p.size())
	for i := range w {
		w[i] = rng.NormFloat64()
	}
	p.evaluate(g, w)
	const h = 1e-5
	for i := range w {
		was := w[i]
		w[i] = was + h
		up := p.evaluate(scratch, w)
		w[i] = was - h
		down := p.evaluate(scratch, w)
		w[i] = was
		if slope := (up - down) / (2 * h); math.Abs(slope-g[i]) > 1e-8 {
			t.Errorf("gradient[%d] is %v, the loss rises by %v", i, g[i], slope)
		}
	}
}

// TestLoss compares the loss with its formula, summed in another way.
func TestLoss(t *testing.T) {
	p := someProblem(t)
	w, g := make([]float64, p.size()), make([]float64, p.size())
	for i := range w {
		w[i] = float64(i%5) - 2
	}
	want := 0.0
	for i, y := range p.y {
		var z [3]float64
		sum := 0.0
		for k := range z {
			z[k] = w[4*3+k]
			for f := range 4 {
				z[k] += float64(p.x[i*4+f]) * w[f*3+k]
			}
			sum += math.Exp(z[k])
		}
		want += p.share[y] * (math.Log(sum) - z[y])
	}
	for _, v := range w {
		want += 0.05 / 2 * v * v
	}
	if got := p.evaluate(g, w); math.Abs(got-want) > 1e-12*want {
		t.Errorf("the loss is %v, want %v", got, want)
	}
}

// TestMinimum compares the minimum with the one that small steps downhill lead to.
func TestMinimum(t *testing.T) {
	p := someProblem(t)
	m := newMinimiser(p.size(), p.evaluate)
	m.tolerance, m.most = 1e-8, 500
	if _, err := m.run(t.Context()); err != nil || largest(m.gradient) > 1e-8 {
		t.Fatalf("gradient %v, %v", largest(m.gradient), err)
	}
	w, g := make([]float64, p.size()), make([]float64, p.size())
	for range 20_000 {
		p.evaluate(g, w)
		add(w, -0.2, g)
	}
	for i := range w {
		if math.Abs(w[i]-m.w[i]) > 1e-6 {
			t.Errorf("w[%d] is %v, and %v by gradient descent", i, m.w[i], w[i])
		}
	}
}
