package measure

import (
	"fmt"

	"assay/steps/kit/bootstrap"
)

// A Sample is N predicted windows of K classes, from U units.
type Sample struct {
	Classes   int
	Truth     []int32   // N
	Predicted []int32   // N
	P         []float64 // N×K: the probability of each class
	Unit      []int32   // N: what each window belongs to, ascending from 0 to U-1
}

// Len returns N.
func (s *Sample) Len() int { return len(s.Truth) }

// Units returns U.
func (s *Sample) Units() int {
	if n := len(s.Unit); n > 0 {
		return int(s.Unit[n-1]) + 1
	}
	return 0
}

// Check returns an error if the sample's slices do not fit each other.
func (s *Sample) Check() error {
	n, k := len(s.Truth), s.Classes
	if k < 1 || len(s.Predicted) != n || len(s.P) != n*k || len(s.Unit) != n {
		return fmt.Errorf("a sample of %d windows and %d classes has %d predictions, %d probabilities and %d units",
			n, k, len(s.Predicted), len(s.P), len(s.Unit))
	}
	last := int32(0)
	for i := range n {
		if c := max(s.Truth[i], s.Predicted[i]); int(c) >= k || min(s.Truth[i], s.Predicted[i]) < 0 {
			return fmt.Errorf("window %d has a class outside 0 to %d", i, k-1)
		}
		if u := s.Unit[i]; u < last || u > last+1 || i == 0 && u != 0 {
			return fmt.Errorf("window %d is of unit %d after one of unit %d", i, u, last)
		}
		last = s.Unit[i]
	}
	return nil
}

// NewTally adds up, by unit, what the totals of the sample are made of.
func NewTally(s *Sample) *bootstrap.Sums {
	k := s.Classes
	sums := bootstrap.NewSums(columns(k))
	for i := range s.Truth {
		if i > 0 && s.Unit[i] != s.Unit[i-1] {
			sums.Close()
		}
		addWindow(sums, k, s.Truth[i], s.Predicted[i], s.P[i*k:(i+1)*k])
	}
	if len(s.Truth) > 0 {
		sums.Close()
	}
	return sums
}
