package live

import (
	"slices"
	"sort"

	"assay/steps/kit/signal"
)

// A row is what a source said at a time.
type row struct {
	t float64
	v []float64
}

// A queue puts the rows of a source in the order of time. Rows that others may still precede wait;
// the rest is in the flow.
type queue struct {
	waiting []row // by time; those of one time in the order in which they came
	flow    *signal.Flow
	free    [][]float64 // memory of rows that are in the flow
}

// add takes a row in. It reports false if there are too many.
func (q *queue) add(t float64, v []float64) bool {
	if len(q.waiting)+q.flow.Len() >= maxRows {
		return false
	}
	var own []float64
	if n := len(q.free); n > 0 {
		own, q.free = q.free[n-1], q.free[:n-1]
	}
	r := row{t, append(own[:0], v...)}
	at := sort.Search(len(q.waiting), func(i int) bool { return q.waiting[i].t > t })
	q.waiting = slices.Insert(q.waiting, at, r)
	return true
}

// release hands the rows before a time to the flow.
func (q *queue) release(before float64) {
	n := sort.Search(len(q.waiting), func(i int) bool { return !(q.waiting[i].t < before) })
	for _, r := range q.waiting[:n] {
		q.flow.Append(r.t, r.v)
		if len(q.free) < maxFree {
			q.free = append(q.free, r.v)
		}
	}
	q.waiting = slices.Delete(q.waiting, 0, n)
}

const (
	maxRows = 1 << 14 // of a source that are kept; a window of 10 s at 10 Hz has 100
	maxFree = 64      // rows whose memory is kept
)
