package bootstrap

import "context"

// lanes is how many resamples are added up side by side: what units contribute is read
// from memory once for all of them, and their sums do not wait for each other.
const lanes = 4

// Resample calls one of the functions that newWorker makes with the totals of every
// resample; see [Run] for the workers. The totals are those of [Sums.Total] to the bit.
func (s *Sums) Resample(ctx context.Context, p Plan, newWorker func() func(r int, totals []float64)) error {
	return p.run(ctx, lanes, func() func(first, n int) {
		work := newWorker()
		one := make([]int32, p.Units)
		counts := make([][lanes]int32, p.Units)
		totals := make([][lanes]float64, s.columns)
		row := make([]float64, s.columns)
		return func(first, n int) {
			for lane := range n {
				p.Draw(first+lane, one)
				for u, c := range one {
					counts[u][lane] = c
				}
			}
			s.totals(counts, totals)
			for lane := range n {
				for c := range row {
					row[c] = totals[c][lane]
				}
				work(first+lane, row)
			}
		}
	})
}

// totals is Total of several counts at once.
func (s *Sums) totals(counts [][lanes]int32, totals [][lanes]float64) {
	clear(totals)
	at := int32(0)
	for u, end := range s.ends {
		c := &counts[u]
		t0, t1, t2, t3 := float64(c[0]), float64(c[1]), float64(c[2]), float64(c[3])
		columns, values := s.column[at:end], s.value[at:end]
		values = values[:len(columns)]
		for i, column := range columns {
			t, v := &totals[column], values[i]
			t[0] += float64(t0 * v)
			t[1] += float64(t1 * v)
			t[2] += float64(t2 * v)
			t[3] += float64(t3 * v)
		}
		at = end
	}
}
