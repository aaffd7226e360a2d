package results

import (
	"math"

	"assay/steps/kit/compare"
)

// lead marks the best cell of each view and split, and those that the comparison cannot
// tell apart from it.
func (r *Results) lead() {
	if len(r.Models) < 2 {
		return
	}
	for _, v := range r.Views {
		for _, s := range r.Columns() {
			best := r.Best(v, s)
			if best == "" {
				continue
			}
			r.Cell(best, v, s).Best = true
			for _, m := range r.Models {
				if c, p := r.Cell(m, v, s), r.Pair(best, m, v, s); c != nil && p != nil && p.Better == "" {
					c.Level = true
				}
			}
		}
	}
}

// Best returns the model with the highest score of a view and split; "" if there is none.
func (r *Results) Best(view, split string) string {
	name, most := "", math.Inf(-1)
	for _, m := range r.Models {
		if c := r.Cell(m, view, split); c != nil && c.Value > most {
			name, most = m, c.Value
		}
	}
	return name
}

// Next returns the best model but one.
func (r *Results) Next(view, split, best string) string {
	name, most := "", math.Inf(-1)
	for _, m := range r.Models {
		if c := r.Cell(m, view, split); c != nil && m != best && c.Value > most {
			name, most = m, c.Value
		}
	}
	return name
}

// Pair returns the comparison of two models of a view; nil if there is none.
func (r *Results) Pair(a, b, view, split string) *compare.Pair {
	if r.Comparison == nil || a == b {
		return nil
	}
	return r.Comparison.Pair(compare.Model{Model: a, View: view}, compare.Model{Model: b, View: view}, split)
}
