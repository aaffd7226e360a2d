package knn

import "math"

// squared returns the square of the Euclidean distance of two rows: differences and sums
// are float64, in four lanes, column c in lane c%4. Where it finds on the way that the
// result will be above most it stops, and returns +Inf. Sums of squares only grow, however
// they are rounded, so stopping changes nothing else.
func squared(a, b []float32, most float64) float64 {
	var s0, s1, s2, s3 float64
	for len(a) >= 32 {
		x, y := (*[32]float32)(a), (*[32]float32)(b)
		for c := 0; c < 32; c += 4 {
			d0, d1 := float64(x[c])-float64(y[c]), float64(x[c+1])-float64(y[c+1])
			d2, d3 := float64(x[c+2])-float64(y[c+2]), float64(x[c+3])-float64(y[c+3])
			s0 += float64(d0 * d0)
			s1 += float64(d1 * d1)
			s2 += float64(d2 * d2)
			s3 += float64(d3 * d3)
		}
		if (s0+s1)+(s2+s3) > most {
			return math.Inf(1)
		}
		a, b = a[32:], b[32:]
	}
	s := [4]float64{s0, s1, s2, s3}
	for c, v := range a {
		d := float64(v) - float64(b[c])
		s[c%4] += float64(d * d)
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}

// A nearest is the k nearest rows that were found so far, in order of distance, then row.
type nearest struct {
	squares []float64 // of the distances
	rows    []int32
	k       int
}

func (n *nearest) reset(k int) { n.squares, n.rows, n.k = n.squares[:0], n.rows[:0], k }

// most returns the square of the distance that a row must be below to be added.
func (n *nearest) most() float64 {
	if len(n.rows) < n.k {
		return math.Inf(1)
	}
	return n.squares[n.k-1]
}

// add enters a row that is nearer than most. Rows come in ascending order, so one at an
// equal distance stands behind those that are there.
func (n *nearest) add(square float64, row int32) {
	if len(n.rows) < n.k {
		n.squares, n.rows = append(n.squares, 0), append(n.rows, 0)
	}
	i := len(n.rows) - 1
	for ; i > 0 && n.squares[i-1] > square; i-- {
		n.squares[i], n.rows[i] = n.squares[i-1], n.rows[i-1]
	}
	n.squares[i], n.rows[i] = square, row
}
