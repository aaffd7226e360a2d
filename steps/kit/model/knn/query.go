package knn

import "math"

// A query is what a search knows of one.
type query struct {
	codes []int16
	step  float64 // of the codes
	norm  float64 // square of the length of its sketch
	left  float64 // bound on what the sketch leaves out
	size  float64 // square of its own length
}

// encode makes the codes of a query.
func (q *query) encode(p *projector, phi []float64, rounding float64) {
	most := 0.0
	for j, v := range phi {
		most = max(most, math.Abs(v)*p.spread[j])
	}
	q.step = float64(float32(most / math.MaxInt16))
	if q.step == 0 {
		q.step = 1
	}
	q.norm, q.left = 0, 0
	for j, v := range phi {
		width := q.step / p.spread[j]
		code := min(math.MaxInt16, max(-math.MaxInt16, math.RoundToEven(v/width)))
		q.codes[j] = int16(code)
		is := float64(code * width)
		q.norm += float64(is * is)
		q.left += float64((v - is) * (v - is))
	}
	q.left = math.Sqrt(q.left) + rounding
}

// limit returns the Slope and Limit of the rows that may be as near as a distance, given by
// its square; see sketch.go. Without such a distance every row may.
func (q *query) limit(stretch, square float64) (slope, limit float32) {
	if math.IsInf(square, 1) {
		return 0, math.MaxFloat32
	}
	reach := float64(stretch*math.Sqrt(square)) + q.left
	if reach > farReach {
		return 0, math.MaxFloat32
	}
	all := float64(reach * reach)
	return float32(2 * reach * (1 + slack)), float32(all - q.norm + float64(slack*(all+q.norm)) + underflow)
}

// farReach is a distance that no two rows have, whose square float32 holds.
const farReach = 1e15
