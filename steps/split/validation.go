package split

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"

	"assay/steps/internal/dataset"
)

// validate moves whole boots from training to validation, about the wanted part
// of every profile's episodes, and never a profile's last. It reports false if
// a part was wanted and none could be had.
//
// Boots are offered in the order of a hash of seed and name, and taken if that
// brings the part of the profiles closer to what is wanted. A new boot elsewhere
// thus seldom moves the others.
func (p *plan) validate(d *data, params Params) bool {
	wanted := int64(math.Round(float64(params.Validation) * 1000))
	left := make([]int64, len(d.profiles)) // episodes that stay in training
	have := make([]int64, len(d.profiles)) // episodes in validation
	all := make([]int64, len(d.profiles))
	for i, part := range p.part {
		if part == "" {
			left[d.profile[i]]++
			all[d.profile[i]]++
		}
	}
	taken := false
	for _, b := range d.hashOrder(params.Seed) {
		more := make([]int64, len(d.profiles))
		for _, i := range d.boots[b] {
			if p.part[i] == "" {
				more[d.profile[i]]++
			}
		}
		if !helps(more, left, have, all, wanted) {
			continue
		}
		taken = true
		for _, i := range d.boots[b] {
			if p.part[i] == "" {
				p.part[i] = dataset.Validation
				left[d.profile[i]]--
				have[d.profile[i]]++
			}
		}
	}
	return taken || wanted == 0
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

// hashOrder returns the boots in an order that depends on seed and names only.
func (d *data) hashOrder(seed uint64) []int {
	sums := make([][sha256.Size]byte, len(d.boots))
	order := make([]int, len(d.boots))
	for b, name := range d.bootNames {
		order[b] = b
		sums[b] = sha256.Sum256(fmt.Appendf(nil, "split/validation %d %s", seed, name))
	}
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(sums[a][:], sums[b][:]) })
	return order
}
