package knn

import (
	"math"

	"assay/steps/kit/kernel/i8"
)

// What is kept of a row, and why it never hides a neighbour.
//
// Let P have the directions as its rows, and let φ(x) be Px and behind it
// |x - PᵀPx| - middle. With e ≥ ‖PPᵀ - I‖ (over rows that are not zero) the eigenvalues
// of PᵀP are 0 or within 1 ± e, so |φ(x) - φ(z)|² ≤ (1 + e + e²)·|x - z|². That is
// stretch², and stretch is 1 but for rounding.
//
// A sketch is φ in codes: dimension j of a row x is spread[j]·unit(x)·code, that of a query
// q is step·code/spread[j]. left(x) bounds the distance between sketch and φ, with the
// rounding of φ. So if |q - x| ≤ D, the sketches of q and x are at most reach + left(x)
// apart, where reach = stretch·D + left(q). With norm the length of a sketch and ⟨q, x⟩ the
// product of two, this says
//
//	norm(x)² + norm(q)² - 2⟨q, x⟩ ≤ (reach + left(x))²
//
// and a row for which it does not hold is farther than D. [i8.Scan] decides that for all
// rows: A = norm(x)² - left(x)², W = 2·unit(x), R = left(x), Step = step, Slope = 2·reach
// and Limit = reach² - norm(q)².

const (
	// slack covers the rounding of both sides to float32: fewer than 16 roundings, each of at
	// most 2^-24 of norm(x)² + norm(q)² + reach² + left(x)². A and Limit both give way.
	slack = 1.0 / (1 << 20)
	// leastSpreadOf is the share of the largest spread that a dimension has at least, so that
	// the codes of a query are fine enough for all.
	leastSpreadOf = 1.0 / 1024
)

// sketches are all rows in codes, as [i8.Scan] takes them.
type sketches struct {
	panels  []int8
	a, w, r []float32 // its Terms
	sizes   []float32 // squares of the lengths of the rows
}

// sketch makes the sketches of all rows. Rows that fill up the last panel never stay.
func (p *projector) sketch(rows []float32) *sketches {
	const piece = 256
	n := len(rows) / p.columns
	padded := (n + i8.PanelRows - 1) / i8.PanelRows * i8.PanelRows
	s := &sketches{
		panels: make([]int8, padded*p.dims),
		a:      make([]float32, padded), w: make([]float32, padded), r: make([]float32, padded),
		sizes: make([]float32, n),
	}
	to, codes := p.newProjection(piece), make([]int8, p.dims)
	for at := 0; at < n; at += piece {
		x := rows[at*p.columns : min(n, at+piece)*p.columns]
		p.project(to, x)
		for i := range len(x) / p.columns {
			size, rounding := p.row(to, x, i)
			s.sizes[at+i] = float32(size)
			s.a[at+i], s.w[at+i], s.r[at+i] = p.encode(codes, to.phi, rounding)
			i8.Put(s.panels, at+i, codes)
		}
	}
	for i := n; i < padded; i++ {
		s.a[i] = float32(math.Inf(1))
	}
	return s
}

// encode makes the codes of a row and its terms.
func (p *projector) encode(codes []int8, phi []float64, rounding float64) (a, w, r float32) {
	most := 0.0
	for j, v := range phi {
		most = max(most, math.Abs(v)/p.spread[j])
	}
	unit := float64(float32(most / 127))
	if unit == 0 {
		unit = 1
	}
	var norm, left float64
	for j, v := range phi {
		width := float64(p.spread[j] * unit)
		code := min(127, max(-127, math.RoundToEven(v/width)))
		codes[j] = int8(code)
		is := float64(code * width)
		norm += float64(is * is)
		left += float64((v - is) * (v - is))
	}
	bound := float64((math.Sqrt(left) + rounding) * (1 + slack))
	square := float64(bound * bound)
	return float32(norm - square - float64(slack*(norm+square))), float32(2 * unit), float32(bound)
}
