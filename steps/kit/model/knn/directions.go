package knn

import (
	"math"
	"math/rand/v2"
)

const (
	// mostDirections is how many directions a sketch has at most: with the distance from
	// their space that makes 64 dimensions.
	mostDirections = 63
	// sampled is the number of rows, evenly spread, that directions are fitted to. They
	// decide how many rows a search can skip, not what it finds.
	sampled = 4096
	// rounds of the iteration. More gain nothing that can be seen in a search.
	rounds = 8
)

// directionsOf returns how many directions a sketch of so many columns has.
func directionsOf(columns int) int { return min(columns, mostDirections) }

// sampleOf returns some of the rows, evenly spread over all.
func sampleOf(rows []float32, columns int) []float32 {
	n := len(rows) / columns
	if n <= sampled {
		return rows
	}
	some := make([]float32, 0, sampled*columns)
	for i := range sampled {
		r := i * n / sampled
		some = append(some, rows[r*columns:(r+1)*columns]...)
	}
	return some
}

// fitDirections returns about the directions in which the rows differ most from 0, as
// orthonormal rows of F columns. A direction in which they do not differ at all is a row
// of zeros.
//
// The method is orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4):
// directions are multiplied by the second moments of the rows and made orthonormal again.
func fitDirections(rows []float32, columns int) []float32 {
	moments := secondMoments(sampleOf(rows, columns), columns)
	n := directionsOf(columns)
	rng := rand.NewPCG(1, 2)
	q, next := make([]float64, n*columns), make([]float64, n*columns)
	for i := range q {
		q[i] = float64(int64(rng.Uint64())) / (1 << 63)
	}
	orthonormalise(q, columns)
	for range rounds {
		for d := range n {
			for c := range columns {
				next[d*columns+c] = dot(moments[c*columns:(c+1)*columns], q[d*columns:])
			}
		}
		q, next = next, q
		orthonormalise(q, columns)
	}
	p := make([]float32, len(q))
	for i, v := range q {
		p[i] = float32(v)
	}
	return p
}

// secondMoments returns the mean of xᵀx over the rows, columns × columns.
func secondMoments(rows []float32, columns int) []float64 {
	m := make([]float64, columns*columns)
	share := 1 / float64(max(1, len(rows)/columns))
	for ; len(rows) > 0; rows = rows[columns:] {
		x := rows[:columns]
		for a, v := range x {
			if v == 0 {
				continue
			}
			scaled := float64(float64(v) * share)
			to := m[a*columns:][:a+1]
			for b, w := range x[:a+1] {
				to[b] += float64(scaled * float64(w))
			}
		}
	}
	for a := range columns {
		for b := range a {
			m[b*columns+a] = m[a*columns+b]
		}
	}
	return m
}

// orthonormalise makes the rows of q orthonormal, by Gram and Schmidt, twice, which is
// enough (Giraud et al. 2005). A row that depends on those above it becomes zeros.
func orthonormalise(q []float64, columns int) {
	for at := 0; at < len(q); at += columns {
		row := q[at : at+columns]
		before := math.Sqrt(dot(row, row))
		for range 2 {
			for above := 0; above < at; above += columns {
				other := q[above : above+columns]
				share := dot(row, other)
				for c, v := range other {
					row[c] -= float64(share * v)
				}
			}
		}
		norm := math.Sqrt(dot(row, row))
		for c := range row {
			if norm > 1e-9*before {
				row[c] /= norm
			} else {
				row[c] = 0
			}
		}
	}
}

// dot returns the product of a with as much of b, summed in four lanes.
func dot(a, b []float64) float64 {
	var s [4]float64
	b = b[:len(a)]
	for ; len(a) >= 4 && len(b) >= 4; a, b = a[4:], b[4:] {
		s[0] += float64(a[0] * b[0])
		s[1] += float64(a[1] * b[1])
		s[2] += float64(a[2] * b[2])
		s[3] += float64(a[3] * b[3])
	}
	for i, v := range a {
		s[i] += float64(v * b[i])
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}
