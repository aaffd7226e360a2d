package gbt

import (
	"math"

	"assay/steps/kit/kernel"
)

// A packed is a sum of gradients and a sum of Hessians in one word, so that one addition
// adds both: the gradients in the upper half in two's complement, the Hessians, never
// negative, in the lower. Words may be added and subtracted as long as both sums fit
// into 32 bits, which quantum guarantees.
type packed uint64

func pack(g, h int64) packed { return packed(uint64(g)<<32 + uint64(h)) }

func (p packed) g() int64 { return int64(int32(p >> 32)) }
func (p packed) h() int64 { return int64(uint32(p)) }

// quantum returns how many units make 1.0 when values whose magnitudes add up to sum are
// rounded to integers. It is a power of two, so scaling by it is exact, and the largest
// that keeps every sum of up to 2^30 rounded values below 2^31.
func quantum(sum float64) float64 {
	_, e := math.Frexp(sum) // sum < 2^e
	return math.Ldexp(1, min(30-e, 60))
}

// gradients holds, by class, every row's first and second derivative of the
// softmax cross-entropy by the margins: g = p - [y = k], h = 2 p (1 - p), the
// factor 2 being XGBoost's.
type gradients struct {
	gh   [][]packed // K×N, in units of 1/unit[k]
	unit []float64  // K
	p    []float64  // N×K probabilities
}

func newGradients(rows, classes int) *gradients {
	q := &gradients{gh: make([][]packed, classes), unit: make([]float64, classes), p: make([]float64, rows*classes)}
	for k := range q.gh {
		q.gh[k] = make([]packed, rows)
	}
	return q
}

// update computes the derivatives at margins, N×K, and returns the mean cross-entropy
// there.
func (q *gradients) update(margins []float32, y []int32) float64 {
	k := len(q.gh)
	loss := 0.0
	for i, c := range y {
		m := margins[i*k : (i+1)*k]
		loss += kernel.Softmax(q.p[i*k:(i+1)*k], m) - float64(m[c])
	}
	for c := range q.gh {
		q.quantize(c, y)
	}
	return loss / float64(len(y))
}

// quantize turns the gradients of class c into integers. Their unit depends on the
// gradients of this tree only and keeps every sum within the bounds of a packed, so sums
// are exact in any order.
func (q *gradients) quantize(c int, y []int32) {
	k := len(q.gh)
	var sumG, sumH float64
	for i := range y {
		g, h := derivatives(q.p[i*k+c], y[i] == int32(c))
		sumG += math.Abs(g)
		sumH += h
	}
	unit := quantum(max(sumG, sumH))
	gh := q.gh[c]
	for i := range gh {
		g, h := derivatives(q.p[i*k+c], y[i] == int32(c))
		gh[i] = pack(int64(math.RoundToEven(g*unit)), int64(math.RoundToEven(h*unit)))
	}
	q.unit[c] = unit
}

func derivatives(p float64, isClass bool) (g, h float64) {
	g, h = p, float64(2*p*(1-p))
	if isClass {
		g = p - 1
	}
	return g, h
}

// meanLoss returns the mean cross-entropy of margins, N×K.
func meanLoss(margins []float32, y []int32, classes int) float64 {
	p := make([]float64, classes)
	loss := 0.0
	for i, c := range y {
		m := margins[i*classes : (i+1)*classes]
		loss += kernel.Softmax(p, m) - float64(m[c])
	}
	return loss / float64(len(y))
}
