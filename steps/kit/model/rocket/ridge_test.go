package rocket

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"assay/steps/kit/kernel/f32"
)

// normal solves the equations of a weighted ridge as they are written, by Gaussian elimination: the
// definition that [ridge] is compared with. It returns weights, K × F, and intercepts.
func normal(x [][]float64, y []int32, v []float64, classes int, strength float64) (w [][]float64, b []float64) {
	n, f := len(x), len(x[0])
	mean, deviation, total, trace := make([]float64, f), make([]float64, f), 0.0, 0.0
	for i := range x {
		total += v[i]
		for j := range f {
			mean[j] += v[i] * x[i][j]
		}
	}
	for j := range f {
		mean[j] /= total
		for i := range x {
			deviation[j] += v[i] * (x[i][j] - mean[j]) * (x[i][j] - mean[j])
		}
		deviation[j] = math.Sqrt(deviation[j] / total)
	}
	z := make([][]float64, n)
	for i := range x {
		z[i] = make([]float64, f)
		for j := range f {
			if deviation[j] > 1e-9 {
				z[i][j] = (x[i][j] - mean[j]) / deviation[j]
			}
			trace += v[i] * z[i][j] * z[i][j]
		}
	}
	for k := range classes {
		centre := 0.0
		for i := range x {
			centre += v[i] * side(k, y[i]) / total
		}
		a := make([][]float64, f)
		for p := range f {
			a[p] = make([]float64, f+1)
			a[p][p] = strength * trace / float64(n)
			for i := range x {
				for q := range f {
					a[p][q] += v[i] * z[i][p] * z[i][q]
				}
				a[p][f] += v[i] * z[i][p] * (side(k, y[i]) - centre)
			}
		}
		row := eliminate(a)
		for j := range f {
			if deviation[j] > 1e-9 {
				row[j] /= deviation[j]
				centre -= row[j] * mean[j]
			}
		}
		w, b = append(w, row), append(b, centre)
	}
	return w, b
}

// eliminate solves a system whose last column is the right side.
func eliminate(a [][]float64) []float64 {
	n := len(a)
	for p := range n {
		for q := range n {
			if q == p {
				continue
			}
			c := a[q][p] / a[p][p]
			for j := p; j <= n; j++ {
				a[q][j] -= c * a[p][j]
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = a[i][n] / a[i][i]
	}
	return x
}

// counts returns windows with features that are numbers of points, their classes and weights.
func counts(n, f int, seed uint64) (x [][]float64, y []int32, v []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for i := range n {
		row := make([]float64, f)
		for j := range row {
			row[j] = float64(rng.IntN(50) + (i%3)*(j%4))
		}
		row[0] = 7
		x, y, v = append(x, row), append(y, int32(i%3)), append(v, 0.5+float64(i%3))
	}
	return x, y, v
}

func matrixOf(x [][]float64) f32.Matrix {
	m := f32.NewMatrix(len(x), len(x[0]))
	for i, row := range x {
		for j, v := range row {
			m.Row(i)[j] = float32(v)
		}
	}
	return m
}

// TestRidge compares with the equations as they are written: with fewer windows than features and
// with more, in one tile and several, and for any number of workers.
func TestRidge(t *testing.T) {
	for _, c := range []struct{ n, f int }{{5, 12}, {12, 5}, {70, 90}, {131, 67}, {300, 33}, {60, 300}} {
		for _, strength := range []float64{0.001, 0.1, 3} {
			x, y, v := counts(c.n, c.f, uint64(c.n))
			want, intercepts := normal(x, y, v, 4, strength)
			var first []float32
			for _, workers := range []int{1, 3} {
				team := f32.NewTeam(workers)
				r := newRidge(matrixOf(x), y, v, 4, team)
				got, b, err := r.solve(strength)
				team.Close()
				if err != nil {
					t.Fatal(err)
				}
				for k := range want {
					for j, w := range want[k] {
						if math.Abs(float64(got[k*c.f+j])-w) > 2e-4*(0.01+math.Abs(w)) {
							t.Fatalf("%v, ridge %v: weight %d of class %d is %v, want %v", c, strength, j, k, got[k*c.f+j], w)
						}
					}
					if math.Abs(b[k]-intercepts[k]) > 1e-4*(1+math.Abs(intercepts[k])) {
						t.Errorf("%v, ridge %v: intercept %v, want %v", c, strength, b[k], intercepts[k])
					}
				}
				if first == nil {
					first = got
				}
				for i := range got {
					if math.Float32bits(got[i]) != math.Float32bits(first[i]) {
						t.Fatalf("%v: %d workers make another weight", c, workers)
					}
				}
			}
		}
	}
}

// TestRidgeRefuses solves what has no solution.
func TestRidgeRefuses(t *testing.T) {
	team := f32.NewTeam(1)
	defer team.Close()
	s := &system{2, []float64{1, 0, 2, 1}} // 1 2 / 2 1 has a negative eigenvalue
	if s.factor(0, team) {
		t.Error("a system that is not positive definite was solved")
	}
	x, y, v := counts(6, 4, 2)
	r := newRidge(matrixOf(x), y, v, 3, team)
	r.system.a[r.system.size] = 1e9
	if _, _, err := r.solve(0.1); !errors.Is(err, errSingular) {
		t.Errorf("an indefinite system: %v", err)
	}
}

// TestFactor multiplies a factor with its transpose, over sizes around a tile.
func TestFactor(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, n := range []int{1, 2, 63, 64, 65, 129, 200} {
		x := f32.NewMatrix(n, n+3)
		for i := range x.Data {
			x.Data[i] = float32(rng.NormFloat64())
		}
		team := f32.NewTeam(2)
		s := newSystem(n)
		s.gram(x, team)
		whole := append([]float64(nil), s.a...)
		if !s.factor(0.5, team) {
			t.Fatal(n)
		}
		team.Close()
		for i := range n {
			for j := range i + 1 {
				want := whole[i*n+j]
				if i == j {
					want += 0.5
				}
				if got := dot(s.row(i)[:j+1], s.row(j)[:j+1]); math.Abs(got-want) > 1e-10*float64(n) {
					t.Fatalf("size %d: element %d, %d is %v, want %v", n, i, j, got, want)
				}
			}
		}
	}
}

// TestCalibrate finds the factor from which labels were drawn.
func TestCalibrate(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	j := &judge{weights: []float64{1, 1, 1}, classes: 3}
	var logits []float32
	for range 20000 {
		z := []float32{float32(rng.NormFloat64()), float32(rng.NormFloat64()), float32(rng.NormFloat64())}
		logits = append(logits, z...)
		best, top := 0, math.Inf(-1)
		for k, v := range z { // Gumbel noise draws from the softmax
			if g := 2.5*float64(v) - math.Log(-math.Log(rng.Float64())); g > top {
				best, top = k, g
			}
		}
		j.y = append(j.y, int32(best))
	}
	factor, loss := j.calibrate(logits)
	if math.Abs(factor-2.5) > 0.1 {
		t.Errorf("the factor is %v, want 2.5", factor)
	}
	for _, other := range []float64{factor * 0.99, factor * 1.01} {
		if l := j.loss(logits, other); l < loss {
			t.Errorf("the factor %v has the loss %v, lower than %v", other, l, loss)
		}
	}
	j.weights = []float64{0, 0, 0}
	if _, loss := j.calibrate(logits); loss != 0 {
		t.Errorf("without any class that was trained on the loss is %v", loss)
	}
}
