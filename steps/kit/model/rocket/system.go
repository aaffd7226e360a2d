package rocket

import (
	"math"

	"assay/steps/kit/kernel/f32"
)

// A system is a symmetric, positive definite system of linear equations. Only the lower triangle
// of a is kept; its rows are a size apart.
type system struct {
	size int
	a    []float64
}

func newSystem(size int) *system { return &system{size, make([]float64, size*size)} }

// tile is the number of rows and columns of a tile of a factor.
const tile = 64

// diagonal returns the mean of the diagonal.
func (s *system) diagonal() float64 {
	sum := 0.0
	for i := range s.size {
		sum += s.a[i*s.size+i]
	}
	return sum / float64(s.size)
}

// factor replaces a by its factor L, a = L·Lᵀ (Cholesky), after adding to the diagonal. It returns
// false if a is not positive definite. Every element is a sum in the order of the columns.
func (s *system) factor(added float64, team *f32.Team) bool {
	for i := range s.size {
		s.a[i*s.size+i] += added
	}
	for from := 0; from < s.size; from += tile {
		to := min(from+tile, s.size)
		if !s.corner(from, to) {
			return false
		}
		team.Do((s.size-to+tile-1)/tile, func(i int) {
			s.below(to+i*tile, min(to+(i+1)*tile, s.size), from, to)
		})
	}
	return true
}

// corner computes a tile on the diagonal of the factor.
func (s *system) corner(from, to int) bool {
	for i := from; i < to; i++ {
		row := s.row(i)
		for j := from; j <= i; j++ {
			left := row[j] - dot(row[:j], s.row(j)[:j])
			if j < i {
				row[j] = left / s.a[j*s.size+j]
				continue
			}
			if !(left > 0) {
				return false
			}
			row[j] = math.Sqrt(left)
		}
	}
	return true
}

// below computes rows of the factor in the columns of a finished corner.
func (s *system) below(row, end, from, to int) {
	for ; row < end; row += 2 {
		second := min(row+1, end-1)
		x, y := s.row(row), s.row(second)
		for j := from; j < to; j += 2 {
			if j+1 == to || second == row {
				s.single(row, j, min(j+2, to))
				if second != row {
					s.single(second, j, min(j+2, to))
				}
				continue
			}
			p, q := s.row(j), s.row(j+1)
			px, qx, py, qy := dot4(x[:j], y[:j], p[:j], q[:j])
			a, b, c := p[j], q[j], q[j+1]
			x[j] = (x[j] - px) / a
			y[j] = (y[j] - py) / a
			x[j+1] = (x[j+1] - (qx + float64(x[j]*b))) / c
			y[j+1] = (y[j+1] - (qy + float64(y[j]*b))) / c
		}
	}
}

// single computes elements of one row of the factor.
func (s *system) single(i, from, to int) {
	x := s.row(i)
	for j := from; j < to; j++ {
		x[j] = (x[j] - dot(x[:j], s.row(j)[:j])) / s.a[j*s.size+j]
	}
}

func (s *system) row(i int) []float64 { return s.a[i*s.size : (i+1)*s.size] }

// solve replaces b by the solution of L·Lᵀ·x = b.
func (s *system) solve(b []float64) {
	for i := range b {
		row := s.row(i)
		b[i] = (b[i] - dot(row[:i], b[:i])) / row[i]
	}
	for i := len(b) - 1; i >= 0; i-- {
		row := s.row(i)
		b[i] /= row[i]
		for j, v := range row[:i] {
			b[j] -= float64(v * b[i])
		}
	}
}

// dot returns Σ x·y from the first to the last.
func dot(x, y []float64) float64 {
	sum := 0.0
	y = y[:len(x)]
	for i, v := range x {
		sum += float64(v * y[i])
	}
	return sum
}

// dot4 returns four products as [dot] does: x·p, x·q, y·p and y·q.
func dot4(x, y, p, q []float64) (px, qx, py, qy float64) {
	y, p, q = y[:len(x)], p[:len(x)], q[:len(x)]
	for i, v := range x {
		w, a, b := y[i], p[i], q[i]
		px += float64(v * a)
		qx += float64(v * b)
		py += float64(w * a)
		qy += float64(w * b)
	}
	return px, qx, py, qy
}
