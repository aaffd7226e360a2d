package knn

import (
	"math/bits"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/kernel/i8"
)

// An index finds the nearest of its rows.
type index struct {
	columns   int
	rows      []float32 // N×F, standardised
	n         int
	projector *projector
	sketches  *sketches
}

// newIndex makes the index of standardised rows. The directions are orthonormal but for an
// error of at most e, see sketch.go.
func newIndex(rows []float32, columns int, directions []float32, e float64) *index {
	x := &index{columns: columns, rows: rows, n: len(rows) / columns, projector: newProjector(directions, columns, e)}
	x.projector.fit(sampleOf(rows, columns))
	x.sketches = x.projector.sketch(rows)
	return x
}

const (
	// blockRows is how many rows are scanned for one query after the other: their sketches
	// stay in a near cache, and what is found in one block narrows the search in the next.
	blockRows = 1024
	// mostQueries is how many queries are searched for together.
	mostQueries = 64
)

// A search is the memory of a search for some queries.
type search struct {
	found      []nearest // of each query
	queries    []query
	projection *projection
	scores     [blockRows]float32
	masks      [blockRows / i8.PanelRows]uint32
}

func (x *index) newSearch() *search {
	s := &search{found: make([]nearest, mostQueries), queries: make([]query, mostQueries),
		projection: x.projector.newProjection(mostQueries)}
	for i := range s.queries {
		s.queries[i].codes = make([]int16, x.projector.dims)
	}
	return s
}

// nearest finds the k nearest rows of each of at most mostQueries standardised queries.
// They are in s.found, until the next call.
func (x *index) nearest(s *search, queries []float32, k int) {
	n := len(queries) / x.columns
	x.projector.project(s.projection, queries)
	for i := range n {
		size, rounding := x.projector.row(s.projection, queries, i)
		s.queries[i].size = size
		s.queries[i].encode(x.projector, s.projection.phi, rounding)
		s.found[i].reset(k)
	}
	padded := len(x.sketches.a)
	for at := 0; at < padded; at += blockRows {
		to := min(padded, at+blockRows)
		for i := range n {
			x.block(s, i, queries[i*x.columns:(i+1)*x.columns], at, to)
		}
	}
}

// block searches the rows from at to to for one query. i8.Scan leaves the rows that may be
// as near as the farthest of those found before; the scores of these are compared again
// while nearer ones are found. What still may be near is measured.
func (x *index) block(s *search, i int, from []float32, at, to int) {
	q, found := &s.queries[i], &s.found[i]
	t := i8.Terms{A: x.sketches.a[at:to], W: x.sketches.w[at:to], R: x.sketches.r[at:to], Step: float32(q.step)}
	t.Slope, t.Limit = q.limit(x.projector.stretch, found.most())
	masks := s.masks[:(to-at)/i8.PanelRows]
	dims := x.projector.dims
	i8.Scan(s.scores[:], masks, x.sketches.panels[at*dims:to*dims], q.codes, t)
	for p, mask := range masks {
		for ; mask != 0; mask &= mask - 1 {
			in := p*i8.PanelRows + bits.TrailingZeros32(mask)
			row := at + in
			if s.scores[in]-float32(t.Slope*t.R[in]) > t.Limit {
				continue
			}
			most, there := found.most(), x.rows[row*x.columns:(row+1)*x.columns]
			if x.least(q, from, row, there) > most {
				continue
			}
			if d := squared(from, there, most); d < most {
				found.add(d, int32(row))
				t.Slope, t.Limit = q.limit(x.projector.stretch, found.most())
			}
		}
	}
}

// least returns what the square of the distance to a row is at least: |q|² + |x|² - 2q·x, less
// its greatest error. The product is in float32, and so takes a fraction of the time of the
// distance; it is off by at most F·2^-24·|q||x|. What is taken off is at least twice that.
func (x *index) least(q *query, from []float32, row int, there []float32) float64 {
	lengths := q.size + float64(x.sketches.sizes[row])
	product := float64(2 * float64(f32.Dot(from, there)))
	return lengths - product - float64(lengths*float64(x.columns)/(1<<23)) - underflow
}
