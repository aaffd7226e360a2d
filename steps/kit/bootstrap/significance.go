package bootstrap

import (
	"cmp"
	"slices"
)

// PValue returns how often resampled differences fall on the other side of 0 than most,
// for a test against a difference of 0 to either side. A count of one is added to both
// (Davison and Hinkley 1997, 4.2), so it is never 0. Of no difference at all it is 1.
func PValue(differences []float64) float64 {
	sorted := finite(differences)
	n := len(sorted)
	below, _ := slices.BinarySearchFunc(sorted, 0, func(x, _ float64) int {
		if x <= 0 {
			return -1
		}
		return 1
	})
	above, _ := slices.BinarySearch(sorted, 0.0)
	above = n - above
	return min(1, 2*float64(1+min(below, above))/float64(n+1))
}

// Holm returns the p values adjusted for being as many as they are (Holm 1979), in their
// order: the chance of one false find among all stays below the level.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	adjusted := make([]float64, len(p))
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, float64(len(p)-rank)*p[i]))
		adjusted[i] = least
	}
	return adjusted
}
