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
