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
// A sketch is φ in codes: dimension j of row i is spread[j]·unit[i]·code. left[i] bounds
// the distance between that and φ, rounding errors included. So if |q - x| ≤ D then the
// sketches of q and x are at most reach = stretch·D + left of q + left of x apart. With
// norm the length of a sketch and ⟨,⟩ its product, that is
//
//	norm(x)² + norm(q)² - 2⟨q, x⟩ ≤ (reach of q + left of x)²
//
// where reach of q is what does not depend on x. [i8.Scan] computes it for all x, as
// A = norm² - left², W = 2·unit, R = left, Slope = 2·reach, Limit = reach² - norm(q)².

const (
	// slack covers the float32 rounding of both sides of the comparison, at most 12 roundings
	// of 2^-24 of a sum of squares that its terms are parts of.
	slack = 1.0 / (1 << 20)
	// leastSpreadOf is the share of the largest spread that a dimension has at least, so that
	// the codes of a query are fine enough for all.
	leastSpreadOf = 1.0 / 1024
)

// sketches are all rows in codes, as [i8.Scan] takes them.
type sketches struct {
	panels  []int8
	a, w, r []float32 // its Terms
}

// sketch makes the sketches of all rows. Rows that fill up the last panel never stay.
func (p *projector) sketch(rows []float32) *sketches {
	const piece = 256
	n := len(rows) / p.columns
	padded := (n + i8.PanelRows - 1) / i8.PanelRows * i8.PanelRows
	s := &sketches{make([]int8, padded*p.dims), make([]float32, padded), make([]float32, padded), make([]float32, padded)}
	to, codes := p.newProjection(piece), make([]int8, p.dims)
	for at := 0; at < n; at += piece {
		x := rows[at*p.columns : min(n, at+piece)*p.columns]
		p.project(to, x)
		for i := range len(x) / p.columns {
			rounding := p.row(to, x, i)
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
