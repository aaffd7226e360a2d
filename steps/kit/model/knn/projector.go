package knn

import (
	"math"

	"assay/steps/kit/kernel/f32"
)

// underflow is far above what float32 loses of products near 0, and far below any distance
// of windows.
const underflow = 1e-30

// A projector computes φ, see sketch.go.
type projector struct {
	columns     int
	directions  int
	dims        int        // directions, 1 for the distance from their space, 1 more if that is odd
	forth, back f32.Panels // Pᵀ as F × directions, P as directions × F
	stretch     float64
	rounding    float64 // what φ may be off by, as a share of |x|
	middle      float64
	spread      []float64 // dims
}

// newProjector prepares the directions p, whose error is at most e.
func newProjector(p []float32, columns int, e float64) *projector {
	n := len(p) / columns
	r := &projector{columns: columns, directions: n, dims: (n + 2) / 2 * 2}
	r.forth.PackT(f32.Of(p, n, columns))
	r.back.Pack(f32.Of(p, n, columns))
	r.stretch = math.Sqrt(1+e+float64(e*e)) * (1 + 1e-9)
	// A sum of n products in float32 is off by at most about n·2^-24·|a||b| (Higham, Accuracy
	// and Stability of Numerical Algorithms, 3.1). So Px is off by F·√d·2^-24·|x|, which counts
	// for itself and in PᵀPx, and that by d·√d·2^-24·|x| of its own. This is at least twice as
	// much.
	d, f := float64(n), float64(columns)
	r.rounding = float64(2.0/(1<<23)*f*math.Sqrt(d)) + float64(2.0/(1<<24)*(d+2)*math.Sqrt(d))
	r.spread = make([]float64, r.dims)
	return r
}

// A projection is φ of some rows, and memory for it.
type projection struct {
	y, again []float32 // Px, PᵀPx
	phi      []float64 // of one row
}

func (p *projector) newProjection(rows int) *projection {
	return &projection{make([]float32, rows*p.directions), make([]float32, rows*p.columns), make([]float64, p.dims)}
}

// project computes Px and PᵀPx of some rows.
func (p *projector) project(to *projection, x []float32) {
	n := len(x) / p.columns
	y := f32.Of(to.y[:n*p.directions], n, p.directions)
	f32.Mul(y, f32.Of(x, n, p.columns), p.forth)
	f32.Mul(f32.Of(to.again[:n*p.columns], n, p.columns), y, p.back)
}

// row computes φ of row i of x, which were projected. It returns the square of the row's
// length, and a bound on the error of φ.
func (p *projector) row(to *projection, x []float32, i int) (size, rounding float64) {
	for j, v := range to.y[i*p.directions : (i+1)*p.directions] {
		to.phi[j] = float64(v)
	}
	var beside float64
	again := to.again[i*p.columns : (i+1)*p.columns]
	for c, v := range x[i*p.columns : (i+1)*p.columns] {
		d := float64(v) - float64(again[c])
		beside += float64(d * d)
		size += float64(float64(v) * float64(v))
	}
	to.phi[p.directions] = math.Sqrt(beside) - p.middle
	return size, float64(p.rounding*math.Sqrt(size)) + underflow
}

// fit sets the middle and the spread of each dimension from some rows. Any values are
// right; these make the sketches fine.
func (p *projector) fit(rows []float32) {
	const piece = 256
	to := p.newProjection(piece)
	n := len(rows) / p.columns
	visit := func(f func()) {
		for at := 0; at < n; at += piece {
			x := rows[at*p.columns : min(n, at+piece)*p.columns]
			p.project(to, x)
			for i := range len(x) / p.columns {
				p.row(to, x, i)
				f()
			}
		}
	}
	sum := 0.0
	visit(func() { sum += to.phi[p.directions] })
	p.middle = sum / float64(max(1, n))
	visit(func() {
		for j, v := range to.phi {
			p.spread[j] += float64(v * v)
		}
	})
	largest := 0.0
	for j, v := range p.spread {
		p.spread[j] = math.Sqrt(v / float64(max(1, n)))
		largest = max(largest, p.spread[j])
	}
	if largest == 0 {
		largest = 1
	}
	for j, v := range p.spread {
		p.spread[j] = max(v, largest*leastSpreadOf)
	}
}
