package measure

import (
	"cmp"
	"math"
	"slices"
)

// Ranks are the windows of a sample in the order of their probabilities, class by class.
// Many goroutines may share ranks; each weighs them by [Ranks.Weigh] into its own.
type Ranks struct {
	order [][]place // by class; nil if all windows are of the class, or none
	areas []areas   // by class, for the weights given
}

// A place is a window in the order of a class: its unit, whether it is of the class, and
// whether the next window has another probability.
type place uint32

const (
	isClass place = 1 << iota
	endsTie
	unitShift = iota
)

// areas are the areas below the two curves of one class.
type areas struct{ roc, pr float64 }

// NewRanks sorts a sample, every unit once.
func NewRanks(s *Sample) *Ranks {
	r := &Ranks{order: make([][]place, s.Classes), areas: make([]areas, s.Classes)}
	for k := range r.order {
		if n := countOf(s.Truth, int32(k)); n > 0 && n < s.Len() {
			r.order[k] = placesOf(s, k)
		}
	}
	once := make([]int32, s.Units())
	for i := range once {
		once[i] = 1
	}
	return r.Weigh(once)
}

func countOf(truth []int32, class int32) int {
	n := 0
	for _, y := range truth {
		if y == class {
			n++
		}
	}
	return n
}

func placesOf(s *Sample, class int) []place {
	type window struct {
		p float64
		i int32
	}
	at := make([]window, s.Len())
	for i := range at {
		at[i] = window{s.P[i*s.Classes+class], int32(i)}
	}
	slices.SortFunc(at, func(a, b window) int { return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(a.i, b.i)) })
	list := make([]place, len(at))
	for n, w := range at {
		list[n] = place(s.Unit[w.i]) << unitShift
		if int(s.Truth[w.i]) == class {
			list[n] |= isClass
		}
		if n+1 == len(at) || at[n+1].p != w.p {
			list[n] |= endsTie
		}
	}
	return list
}

// Weigh returns the ranks of a resample that has each unit as often as counts says.
func (r *Ranks) Weigh(counts []int32) *Ranks {
	w := &Ranks{order: r.order, areas: make([]areas, len(r.order))}
	for k, list := range r.order {
		w.areas[k] = areasOf(list, counts)
	}
	return w
}

// areasOf walks down the order, one tie at a time. Counts are whole numbers, so the area
// below the ROC curve is exact until its last division.
func areasOf(list []place, counts []int32) areas {
	var class, tie [2]int64 // windows outside and inside the class: above the tie, and in it
	var pairs int64         // twice the pairs in the right order, ties counting half
	precision := 0.0        // sum of the class's windows times the precision down to them
	for _, p := range list {
		tie[p&isClass] += int64(counts[p>>unitShift])
		if p&endsTie == 0 {
			continue
		}
		pairs += tie[0] * (2*class[1] + tie[1])
		class[0] += tie[0]
		class[1] += tie[1]
		if tie[1] > 0 {
			precision += float64(float64(tie[1]) * (float64(class[1]) / float64(class[0]+class[1])))
		}
		tie = [2]int64{}
	}
	if class[0] == 0 || class[1] == 0 {
		return areas{math.NaN(), math.NaN()}
	}
	return areas{
		roc: float64(pairs) / float64(2*class[0]*class[1]),
		pr:  precision / float64(class[1]),
	}
}

// mean returns the mean of a number over the classes that have one.
func (r *Ranks) mean(of func(k int) float64) float64 {
	sum, n := 0.0, 0.0
	for k := range r.order {
		if v := of(k); v == v {
			sum += v
			n++
		}
	}
	return sum / n
}
