package gbt

import "math"

// leastGain is the gain below which a split is noise, XGBoost's kRtEps.
const leastGain = 1e-6

// A split divides the rows of a node. Rows whose bin is at most bin go left.
type split struct {
	score       float64 // see rule.score; of a node that is not split, the score to exceed
	feature     int     // index into bins.features, -1 for none
	bin         int
	missingLeft bool
	left        packed // sums of the left side
}

// A rule scores the splits of one tree. It counts in the tree's quanta: gradients,
// Hessians, lambda and gains are all multiplied by unit, a power of two. This saves
// conversions in the inner loop and changes no comparison.
type rule struct {
	unit   float64
	lambda float64
	minH   int64
	gain   float64 // least gain
	gamma  float64 // least gain of a split above leaves
	eta    float64
}

func newRule(p Params, unit float64) rule {
	return rule{
		unit:   unit,
		lambda: p.Lambda * unit,
		minH:   int64(min(math.Ceil(p.MinChildWeight*unit), 1<<62)),
		gain:   leastGain * unit,
		gamma:  p.Gamma * unit,
		eta:    p.LearningRate,
	}
}

// score is twice the loss that a leaf of sums g and h saves: g²/(h+lambda), equation 6
// of Chen and Guestrin. h+lambda is positive.
func (r *rule) score(g, h int64) float64 {
	x := float64(g)
	return x * x / (float64(h) + r.lambda)
}

// pair is the score of both sides together.
func (r *rule) pair(g, h, allG, allH int64) float64 {
	return r.score(g, h) + r.score(allG-g, allH-h)
}

// none returns the score that a split of a node of these sums has to exceed.
func (r *rule) none(sum packed) split {
	return split{score: r.score(sum.G(), sum.H()) + r.gain, feature: -1}
}

// canSplit reports whether both sides of a node could be heavy enough.
func (r *rule) canSplit(sum packed) bool { return sum.H() >= 2*r.minH && sum.H() > 0 }

// weight returns the value of a leaf.
func (r *rule) weight(sum packed) float32 {
	if h := float64(sum.H()) + r.lambda; h > 0 {
		return float32(-float64(sum.G()) / h * r.eta)
	}
	return 0
}

// scan looks through the slots of one feature, the last of them the missing
// values, for a split of a higher score than best. Of equal ones the first
// wins: the lower feature, missing to the right, the lower bin.
//
// An empty slot gives the same split as the one before it, and is tried again
// all the same: whether a slot is empty is harder to predict than to compute.
func (r *rule) scan(slots []packed, feature int, sum packed, best *split) {
	last := len(slots) - 1
	r.sweep(slots[:last], 0, feature, sum, best)
	if absent := slots[last]; absent != 0 {
		r.sweep(slots[:last], absent, feature, sum, best)
	}
}

// sweep tries the splits with the missing values on the left, if there are any
// in absent, or else on the right.
func (r *rule) sweep(slots []packed, absent packed, feature int, sum packed, best *split) {
	t := r.trial(sum)
	bar := t.bar(best.score)
	left := absent
	for b, v := range slots {
		left += v
		if !t.may(left, bar) {
			continue
		}
		if s := r.pair(left.G(), left.H(), sum.G(), sum.H()); s > best.score {
			*best = split{s, feature, b, absent != 0, left}
			bar = t.bar(s)
		}
	}
}

// A trial rejects most candidates without a division.
//
// Be A and C the sides' gradients, L and R their Hessians plus λ, G = A + C and T = L + R.
// Then A²/L + C²/R = G²/T + (A - qL)² T/(LR) with q = G/T, so a split beats the score s
// only if (A - qL)² > (s - G²/T)/T · L(T - L). Rounding may change the result of that
// comparison, so s is lowered by far more than the rounding error, and the remaining
// candidates are scored exactly.
type trial struct {
	q, all, least float64 // G/T, T and G²/T
	lambda        float64
	minH, span    uint32 // the left side's Hessians are in minH..minH+span
}

func (r *rule) trial(sum packed) trial {
	g, all := float64(sum.G()), float64(sum.H())+2*r.lambda
	return trial{
		q: g / all, all: all, least: g / all * g, lambda: r.lambda,
		minH: uint32(r.minH), span: uint32(sum.H() - 2*r.minH),
	}
}

// bar returns what may compares with, of the score to beat.
func (t *trial) bar(score float64) float64 { return (float64(score*(1-1e-9)) - t.least) / t.all }

func (t *trial) may(left packed, bar float64) bool {
	if uint32(left)-t.minH > t.span {
		return false
	}
	l := float64(left.H()) + t.lambda
	d := float64(left.G()) - float64(t.q*l)
	return float64(d*d) > float64(bar*l)*(t.all-l)
}
