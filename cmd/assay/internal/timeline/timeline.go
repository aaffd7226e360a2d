// Package timeline draws when the actions of a run happened: as one HTML page that needs no
// network ([Page]), and in the trace format that Chrome and Perfetto open ([Trace]). The same
// journal gives the same bytes.
package timeline

import (
	"cmp"
	"slices"

	"assay/engine/journal"
)

// pack gives every span the lowest lane of its group that is free when it begins, so that spans
// that overlap have different lanes. It returns the lane of each span, and how many lanes
// each group has.
func pack(spans []*journal.Span, group func(*journal.Span) string) (lane []int, lanes map[string]int) {
	lane, lanes = make([]int, len(spans)), map[string]int{}
	order := make([]int, len(spans))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(spans[a].From, spans[b].From) })
	free := map[string][]float64{} // when each lane becomes free
	for _, i := range order {
		g, ends := group(spans[i]), free[group(spans[i])]
		k := slices.IndexFunc(ends, func(t float64) bool { return t <= spans[i].From })
		if k < 0 {
			k = len(ends)
			ends = append(ends, 0)
		}
		ends[k] = spans[i].To
		free[g], lane[i] = ends, k
		lanes[g] = len(ends)
	}
	return lane, lanes
}

func byNode(s *journal.Span) string { return s.Node }
func byStep(s *journal.Span) string { return s.Step }
func asOne(*journal.Span) string    { return "" }
