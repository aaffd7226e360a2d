package split

import (
	"fmt"
	"math"

	"assay/steps/kit/table"
)

// validate moves episodes from training to validation. It reports false if a part was
// asked for and none could be had.
func (p *plan) validate(d *data, params Params) (bool, error) {
	if params.Validation == 0 {
		return true, nil
	}
	if params.ValidationBy == ValidationHold {
		return true, p.nest(d, params)
	}
	taken := false
	for i, held := range d.spare(p.free(), float64(params.Validation), d.bootOrder("split/validation", params.Seed)) {
		if held {
			p.part[i], taken = table.Validation, true
		}
	}
	return taken, nil
}

// free reports, for each episode, whether it is in no part yet.
func (p *plan) free() []bool {
	free := make([]bool, len(p.part))
	for i, part := range p.part {
		free[i] = part == ""
	}
	return free
}

// nest holds the validation part out of the rest by the same aspects as the test part.
// So training shares as little with validation as with the test part. Episodes that fit
// neither are excluded.
func (p *plan) nest(d *data, params Params) error {
	var eps []table.Episode
	var back []int
	for i, free := range p.free() {
		if free {
			eps = append(eps, d.eps[i])
			back = append(back, i)
		}
	}
	sub := newData(eps, params.statuses())
	h := params.Hold.form()
	h = held{by: h.by, part: float64(params.Validation), last: float64(params.Validation)}
	inner, err := sub.hold(h, float64(params.Boots), params.Seed)
	if err != nil {
		return fmt.Errorf("validation by hold, among what the test part leaves: %w; or write validation_by: boot", err)
	}
	p.validation = inner.held
	for j, i := range back {
		switch inner.part[j] {
		case table.Test:
			p.part[i] = table.Validation
		case table.Excluded:
			p.exclude(i, "validation: "+inner.why[j])
		}
	}
	return nil
}

// spare chooses whole boots among the free episodes such that every profile gives about
// the wanted part of its episodes, and never its last one. It reports, for each episode,
// whether it was chosen.
//
// Boots are offered in the given order and taken if that brings the profiles closer to
// the wanted part. So a new boot elsewhere seldom moves the others.
func (d *data) spare(free []bool, part float64, order []int) []bool {
	wanted := int64(math.Round(part * 1000))
	left := make([]int64, len(d.profiles)) // episodes that stay
	have := make([]int64, len(d.profiles)) // episodes chosen
	all := make([]int64, len(d.profiles))
	for i, free := range free {
		if free {
			left[d.profile[i]]++
			all[d.profile[i]]++
		}
	}
	chosen := make([]bool, len(d.eps))
	more := make([]int64, len(d.profiles))
	for _, b := range order {
		clear(more)
		for _, i := range d.boots[b] {
			if free[i] {
				more[d.profile[i]]++
			}
		}
		if !helps(more, left, have, all, wanted) {
			continue
		}
		for _, i := range d.boots[b] {
			if free[i] {
				chosen[i] = true
				left[d.profile[i]]--
				have[d.profile[i]]++
			}
		}
	}
	return chosen
}

// helps reports whether taking more episodes, by profile, brings have closer to
// the wanted thousandths of all, and leaves each profile an episode.
func helps(more, left, have, all []int64, wanted int64) bool {
	var change int64
	for p, n := range more {
		if n == 0 {
			continue
		}
		if left[p] <= n {
			return false
		}
		off := 1000*have[p] - wanted*all[p]
		then := off + 1000*n
		change += then*then - off*off
	}
	return change < 0
}
