package split

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
)

// rank orders the indexes of the names by a hash of purpose, seed and name. A name that
// comes or goes does not change the order of the others.
func rank(purpose string, seed uint64, names []string) []int {
	sums := make([][sha256.Size]byte, len(names))
	order := make([]int, len(names))
	for i, name := range names {
		order[i] = i
		sums[i] = sha256.Sum256(fmt.Appendf(nil, "%s %d %s", purpose, seed, name))
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(bytes.Compare(sums[a][:], sums[b][:]), cmp.Compare(a, b))
	})
	return order
}

// bootOrder ranks the boots.
func (d *data) bootOrder(purpose string, seed uint64) []int { return rank(purpose, seed, d.bootNames) }

// share is the given part of n things, rounded: at least one, and never all.
func share(part float64, n int) int {
	return max(0, min(max(1, int(math.Round(part*float64(n)))), n-1))
}

// chooseHosts takes a part of the hosts. It skips a host that alone has the episodes of
// some profile.
func (d *data) chooseHosts(names []string, part float64, seed uint64) []string {
	on := make([]map[int]bool, len(names)) // the profiles of each host
	left := make([]int, len(d.profiles))   // hosts not taken, by profile
	for i, e := range d.eps {
		h, _ := slices.BinarySearch(names, e.Host)
		if on[h] == nil {
			on[h] = map[int]bool{}
		}
		if !on[h][d.profile[i]] {
			on[h][d.profile[i]] = true
			left[d.profile[i]]++
		}
	}
	var taken []string
	for _, h := range rank("split/host", seed, names) {
		if len(taken) == share(part, len(names)) {
			break
		}
		spared := true
		for p := range on[h] {
			spared = spared && left[p] > 1
		}
		if !spared {
			continue
		}
		taken = append(taken, names[h])
		for p := range on[h] {
			left[p]--
		}
	}
	if len(taken) == 0 { // every host has a profile of its own: the check will say so
		taken = append(taken, names[rank("split/host", seed, names)[0]])
	}
	return taken
}

// chooseSamples takes a part of each profile's samples, or the given number of each,
// among those that occur in the chosen episodes. One sample of each profile stays.
func (d *data) chooseSamples(h held, chosen []bool, seed uint64) []int {
	occurs := make([]bool, len(d.samples))
	of := make([][]int, len(d.profiles)) // the samples of each profile
	has := make([]map[int]bool, len(d.profiles))
	for i := range d.eps {
		s, p := d.sample[i], d.profile[i]
		occurs[s] = occurs[s] || chosen[i]
		if has[p] == nil {
			has[p] = map[int]bool{}
		}
		if !has[p][s] {
			has[p][s] = true
			of[p] = append(of[p], s)
		}
	}
	names := make([]string, len(d.samples))
	for s := range names {
		names[s] = d.fullNames([]int{s})[0]
	}
	left := make([]int, len(d.profiles))
	want := make([]int, len(d.profiles))
	for p, list := range of {
		left[p] = len(list)
		if want[p] = h.perProfile; h.part > 0 {
			want[p] = share(h.part, len(list))
		}
	}
	var taken []int
	for _, s := range rank("split/sample", seed, names) {
		wanted, spared := false, occurs[s]
		for p := range of {
			if has[p][s] {
				wanted = wanted || len(of[p])-left[p] < want[p]
				spared = spared && left[p] > 1
			}
		}
		if !wanted || !spared {
			continue
		}
		taken = append(taken, s)
		for p := range of {
			if has[p][s] {
				left[p]--
			}
		}
	}
	slices.Sort(taken)
	return taken
}
