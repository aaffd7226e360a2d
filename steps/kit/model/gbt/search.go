package gbt

import (
	"math/bits"

	"assay/steps/kit/kernel/tally"
)

// A search is for the best split of a node.
type search struct {
	rule  *rule
	sum   packed // of the node
	best  split  // the split of no feature if nothing beats that
	trial tally.Trial
	left  [maxBins]packed // of a feature: the sums of the bins up to each
	mask  tally.Mask      // of a feature: the splits to score
}

// begin makes s a search in a node of these sums, which can split.
func (s *search) begin(r *rule, sum packed) {
	s.rule, s.sum, s.best = r, sum, r.none(sum)
	g, all := float64(sum.G()), float64(sum.H())+2*r.lambda
	s.trial = tally.Trial{
		Q: g / all, All: all, Lambda: r.lambda, MinH: float64(r.minH), MaxH: float64(sum.H() - r.minH),
	}
	s.raise()
}

// raise sets the bar to the score to beat, lowered by far more than the rounding errors of
// a trial: whatever passes is scored exactly.
func (s *search) raise() {
	t := &s.trial
	t.Bar = (float64(s.best.score*(1-1e-9)) - float64(t.Q*float64(s.sum.G()))) / t.All
}

// scan looks through the slots of one feature, the last of them the missing values, for a
// split of a higher score than the best. Of equal ones the first wins: the lower feature,
// missing to the right, the lower bin.
//
// An empty slot gives the same split as the one before it, and is tried again all the same:
// whether a slot is empty is harder to predict than to compute.
func (s *search) scan(slots []packed, feature int) {
	last := len(slots) - 1
	left := packed(0)
	for b, v := range slots[:last] {
		left += v
		s.left[b&(maxBins-1)] = left // always b, without a check
	}
	s.sweep(last, 0, feature)
	if absent := slots[last]; absent != 0 {
		s.sweep(last, absent, feature)
	}
}

// sweep tries the splits behind some bins with the missing values on the left, if there are
// any in absent, or else on the right.
func (s *search) sweep(n int, absent packed, feature int) {
	s.trial.Pass(&s.mask, &s.left, n, absent)
	better := false
	for i, word := range s.mask {
		for ; word != 0; word &= word - 1 {
			b := 64*i + bits.TrailingZeros64(word)
			left := s.left[b] + absent
			if p := s.rule.pair(left.G(), left.H(), s.sum.G(), s.sum.H()); p > s.best.score {
				s.best = split{p, feature, b, absent != 0, left}
				better = true
			}
		}
	}
	if better {
		s.raise()
	}
}
