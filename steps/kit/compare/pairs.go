package compare

import (
	"cmp"
	"math"
	"slices"

	"assay/steps/kit/bootstrap"
	"assay/steps/kit/score"
)

// pairs compares every two models of one view, or every two views of one model.
func (c *Comparison) pairs(family, split string, list []*contender) []Pair {
	var pairs []Pair
	var p []float64
	for i, a := range list {
		for _, b := range list[i+1:] {
			same := a.View == b.View
			if family == Views {
				same = a.Model.Model == b.Model.Model
			}
			if same {
				pair := c.pair(family, split, a, b)
				pairs = append(pairs, pair)
				p = append(p, float64(pair.P))
			}
		}
	}
	for i, adjusted := range bootstrap.Holm(p) {
		pairs[i].Adjusted = score.Number(adjusted)
		if adjusted < 1-c.Bootstrap.Level {
			pairs[i].Better = "a"
			if (pairs[i].Difference < 0) != c.Lower {
				pairs[i].Better = "b"
			}
		}
	}
	return pairs
}

func (c *Comparison) pair(family, split string, a, b *contender) Pair {
	differences := make([]float64, len(a.values))
	for i := range differences {
		differences[i] = a.values[i] - b.values[i]
	}
	interval := bootstrap.Percentile(differences, c.Bootstrap.Level)
	effect, episodes := effectOf(a, b)
	return Pair{
		Family: family, A: a.Model, B: b.Model, Split: split, Difference: score.Number(a.value - b.value),
		Low: score.Number(interval.Low), High: score.Number(interval.High),
		P:      score.Number(bootstrap.PValue(differences)),
		Effect: score.Number(effect), Episodes: episodes, Smallest: score.Number((interval.High - interval.Low) / 2),
	}
}

// effectOf returns Cohen's d of paired observations: the mean difference of the share of
// right windows of an episode over its standard deviation; NaN if all differences are
// alike.
func effectOf(a, b *contender) (d float64, episodes int) {
	var differences []float64
	for _, at := range sortedKeys(a.right) {
		if v, ok := b.right[at]; ok {
			differences = append(differences, a.right[at]-v)
		}
	}
	sd := Deviation(differences)
	if !(sd > 1e-12) { // what is left is rounding
		return math.NaN(), len(differences)
	}
	return Mean(differences) / sd, len(differences)
}

func sortedKeys(m map[[2]int]float64) []([2]int) {
	list := make([][2]int, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	return list
}
