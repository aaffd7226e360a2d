package bootstrap

// Sums are what each unit adds to a row of totals. Most units add to few of them, so only
// these are kept.
type Sums struct {
	columns int
	ends    []int32 // by unit: where its entries end
	column  []int32
	value   []float64
	dense   []int32 // by column: the entry of the open unit, or -1
}

// NewSums returns the sums of no unit to the given number of totals.
func NewSums(columns int) *Sums {
	s := &Sums{columns: columns, dense: make([]int32, columns)}
	for i := range s.dense {
		s.dense[i] = -1
	}
	return s
}

// Add adds v to a total on behalf of the open unit.
func (s *Sums) Add(column int, v float64) {
	if at := s.dense[column]; at >= 0 {
		s.value[at] += v
		return
	}
	s.dense[column] = int32(len(s.value))
	s.column = append(s.column, int32(column))
	s.value = append(s.value, v)
}

// Close ends the open unit and opens the next one.
func (s *Sums) Close() {
	first := s.first(len(s.ends))
	for _, c := range s.column[first:] {
		s.dense[c] = -1
	}
	s.ends = append(s.ends, int32(len(s.value)))
}

// Units returns the number of units that were closed.
func (s *Sums) Units() int { return len(s.ends) }

func (s *Sums) first(unit int) int32 {
	if unit == 0 {
		return 0
	}
	return s.ends[unit-1]
}

// Total sets totals to the sum over all units, each as often as counts says. Units are
// added in their order, so the result is the same to the bit wherever it is computed.
func (s *Sums) Total(counts []int32, totals []float64) {
	clear(totals)
	at := int32(0)
	for u, end := range s.ends {
		times := float64(counts[u])
		for ; at < end; at++ {
			totals[s.column[at]] += float64(times * s.value[at])
		}
	}
}

// Without sets totals to all without those of one unit.
func (s *Sums) Without(unit int, all, totals []float64) {
	copy(totals, all)
	for at := s.first(unit); at < s.ends[unit]; at++ {
		totals[s.column[at]] -= s.value[at]
	}
}
