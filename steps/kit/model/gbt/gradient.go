package gbt

import (
	"math"

	"assay/steps/kit/kernel"
	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/kernel/tally"
)

// packed words fit their sums: quantum sees to it.
type packed = tally.Packed

// quantum returns how many units make 1.0 when fewer than maxRows values whose
// magnitudes add up to sum are rounded to integers. It is a power of two, so scaling by
// it is exact, and the largest for which sum comes to no more than 2^30 units. Rounding
// moves each value by at most 1, all of them together by less than 2^30. So every sum
// over some of the rows lies strictly within ±2^31.
func quantum(sum float64) float64 {
	_, e := math.Frexp(sum) // sum < 2^e
	return math.Ldexp(1, min(sumBits-e, 60))
}

const sumBits = 30

// gradients holds the probabilities from which every row's first and second derivative
// of the softmax cross-entropy by the margins follow: g = p - [y = k], h = 2 p (1 - p),
// both times the weight of the row's class; the factor 2 is XGBoost's.
//
// A round needs the probabilities once, so the derivatives take their place.
type gradients struct {
	y      []int32
	weight []float64  // by class
	words  [][]uint64 // K×N: the bits of probabilities after update, a packed after quantize
}

func newGradients(y []int32, weight []float64) *gradients {
	q := &gradients{y: y, weight: weight, words: make([][]uint64, len(weight))}
	for k := range q.words {
		q.words[k] = make([]uint64, len(y))
	}
	return q
}

// of returns the derivatives of a row for class k.
func (q *gradients) of(k int, row int32) (g, h float64) {
	p, c := math.Float64frombits(q.words[k][row]), q.y[row]
	w := q.weight[c]
	h = float64(2 * p * (1 - p) * w)
	if c == int32(k) {
		p--
	}
	return float64(p * w), h
}

// quantize replaces the probabilities of class k by derivatives, as integers in units of
// 1/unit: those of the given rows, which ascend, and 0 for every other row. The unit
// depends on nothing but these rows' derivatives and keeps every sum within the bounds of
// a packed, so sums are exact in any order.
//
// A value between two integers becomes either of them, the nearer more likely, so that
// the mean is right: where a unit is not small (it is 1/1000 for half a million
// rows, and larger than most gradients for a hundred million) rounding to the nearest
// would take the many small gradients of rows that are well predicted for 0. What chance
// decides is drawn for each tree and row, so no order shows.
func (q *gradients) quantize(rows []int32, k, tree int) (unit float64) {
	var sumG, sumH float64
	for _, r := range rows {
		g, h := q.of(k, r)
		sumG += math.Abs(g)
		sumH += h
	}
	unit = quantum(max(sumG, sumH))
	words, next := q.words[k], int32(0)
	for _, r := range rows {
		g, h := q.of(k, r)
		a, b := dither(tree, r)
		clear(words[next:r])
		words[r] = uint64(tally.Pack(int64(float64(g*unit)+a+offset)-offset, int64(float64(h*unit)+b)))
		next = r + 1
	}
	clear(words[next:])
	return unit
}

// take sets gh to the derivatives of some rows for class k, in their order.
func (q *gradients) take(gh []packed, rows []int32, k int) {
	words := q.words[k]
	for i, r := range rows {
		gh[i] = packed(words[r])
	}
}

// offset makes every gradient positive, so that conversion to an integer rounds down.
const offset = 1 << 31

// dither returns two numbers in [0, 1) that look random, of a tree and a row: the
// halves of SplitMix64's output (Steele, Lea and Flood, OOPSLA 2014).
func dither(tree int, row int32) (a, b float64) {
	z := (uint64(tree)<<31 + uint64(row) + 1) * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return float64(float64(int64(z>>32)) / (1 << 32)), float64(float64(int64(uint32(z))) / (1 << 32))
}

// stretch is how many rows a worker takes at once. Sums go stretch by stretch, so it shows in
// the last bits of losses.
const stretch = 4096

// update computes the probabilities at margins, K×N, and returns the mean cross-entropy
// there, in which every row counts alike.
func (q *gradients) update(margins [][]float32, team *f32.Team) float64 {
	return meanLoss(margins, q.y, q.words, team)
}

// meanLoss returns the mean cross-entropy of margins, K×N, and sets p, if it is not nil, to
// the bits of the probabilities, K×N.
func meanLoss(margins [][]float32, y []int32, p [][]uint64, team *f32.Team) float64 {
	pieces := (len(y) + stretch - 1) / stretch
	loss := make([]float64, pieces)
	team.Do(pieces, func(i int) {
		lo := i * stretch
		loss[i] = sumLoss(margins, y, p, lo, min(lo+stretch, len(y)))
	})
	var sum float64
	for _, v := range loss {
		sum += v
	}
	return sum / float64(len(y))
}

// sumLoss does that for the rows lo to hi, and returns the sum.
func sumLoss(margins [][]float32, y []int32, p [][]uint64, lo, hi int) (loss float64) {
	var s softmax
	for ; lo < hi; lo += softRows {
		n := min(softRows, hi-lo)
		s.compute(margins, lo, n)
		for i, c := range y[lo : lo+n] {
			loss += s.logSum[i] - float64(margins[c][lo+i])
		}
		for k := range p {
			for i, v := range s.p[k*softRows:][:n] {
				p[k][lo+i] = math.Float64bits(v)
			}
		}
	}
	return loss
}

// softRows is how many rows go through a softmax at once.
const softRows = 128

// A softmax is [kernel.Softmax] of a few rows, with the same bits.
type softmax struct {
	p      []float64 // K×softRows: probabilities
	top    [softRows]float32
	sum    [softRows]float64
	logSum [softRows]float64
}

// compute takes n rows of margins, K×N, from lo on.
func (s *softmax) compute(margins [][]float32, lo, n int) {
	if s.p == nil {
		s.p = make([]float64, len(margins)*softRows)
	}
	top, sum := s.top[:n], s.sum[:n]
	copy(top, margins[0][lo:])
	for _, list := range margins[1:] {
		for i, v := range list[lo : lo+n] {
			top[i] = max(top[i], v)
		}
	}
	clear(sum)
	for k, list := range margins {
		e := s.p[k*softRows:][:n]
		for i, v := range list[lo : lo+n] {
			e[i] = float64(v) - float64(top[i])
		}
		kernel.Exps(e)
		for i, v := range e {
			sum[i] += v
		}
	}
	for k := range margins {
		e := s.p[k*softRows:][:n]
		for i := range e {
			e[i] /= sum[i]
		}
	}
	for i, v := range sum {
		s.logSum[i] = float64(top[i]) + kernel.Log(v)
	}
}
