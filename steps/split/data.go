package split

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"assay/steps/internal/dataset"
)

// A data is the usable episodes and what they have in common.
type data struct {
	eps []dataset.Episode // in key order

	boot      []int    // of each episode
	boots     [][]int  // the episodes of each boot
	bootNames []string // "<host>/<ordinal>"

	sample  []int          // of each episode: index into samples
	samples [][]sampleName // the names of each sample: several if their content is one

	profile  []int    // of each episode: index into profiles
	profiles []string // sorted
}

// A sampleName is what the index calls a sample. Names are unique in a profile.
type sampleName struct{ profile, name string }

// String returns "profile/name".
func (s sampleName) String() string { return s.profile + "/" + s.name }

func newData(index []dataset.Episode, statuses []dataset.Status) *data {
	d := &data{}
	for _, e := range index {
		if slices.Contains(statuses, e.Status) {
			d.eps = append(d.eps, e)
		}
	}
	slices.SortFunc(d.eps, func(a, b dataset.Episode) int { return a.Compare(b.Key) })
	for _, e := range d.eps {
		d.profiles = append(d.profiles, e.Profile)
	}
	slices.Sort(d.profiles)
	d.profiles = slices.Compact(d.profiles)
	for _, e := range d.eps {
		i, _ := slices.BinarySearch(d.profiles, e.Profile)
		d.profile = append(d.profile, i)
	}
	d.findBoots()
	d.findSamples()
	return d
}

// findBoots tells the boots of each host's VM apart: among its episodes in the
// order of their starts, one whose VM has been up for less long than at the one
// before is of a new boot. Where the start or the uptime is not known, the
// episode is taken for a boot of its own. Episodes that are not usable have no
// say: what they tell may be wrong, and two boots that are taken for one cost
// some choice, while one taken for two would leak.
func (d *data) findBoots() {
	order := make([]int, len(d.eps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &d.eps[a], &d.eps[b]
		return cmp.Or(cmp.Compare(x.Host, y.Host), cmp.Compare(x.StartNs, y.StartNs))
	})
	d.boot = make([]int, len(d.eps))
	host, current, ordinal, up := "", -1, 0, 0.0
	for _, i := range order {
		e := &d.eps[i]
		if e.Host != host {
			host, current, ordinal = e.Host, -1, 0
		}
		known := e.StartNs != 0 && !math.IsNaN(e.Uptime)
		b := current
		if !known || current < 0 || e.Uptime < up {
			ordinal++
			b = len(d.boots)
			d.boots = append(d.boots, nil)
			d.bootNames = append(d.bootNames, fmt.Sprintf("%s/%d", host, ordinal))
		}
		if known {
			current, up = b, e.Uptime
		}
		d.boot[i] = b
		d.boots[b] = append(d.boots[b], i)
	}
}

// findSamples numbers the samples. Two episodes are of one sample if profile
// and name are the same, or if the content is.
func (d *data) findSamples() {
	names := make([]sampleName, len(d.eps))
	byName, byContent := map[sampleName]int{}, map[string]int{}
	set := newSets(len(d.eps))
	for i, e := range d.eps {
		names[i] = sampleName{e.Profile, e.SampleName}
		set.join(i, first(byName, names[i], i))
		if e.SampleSHA != "" {
			set.join(i, first(byContent, e.SampleSHA, i))
		}
	}
	number := map[int]int{}
	d.sample = make([]int, len(d.eps))
	for i := range d.eps {
		root := set.root(i)
		n, ok := number[root]
		if !ok {
			n = len(d.samples)
			number[root] = n
			d.samples = append(d.samples, nil)
		}
		d.sample[i] = n
		if !slices.Contains(d.samples[n], names[i]) {
			d.samples[n] = append(d.samples[n], names[i])
		}
	}
}

// first returns the first i that came with a key.
func first[K comparable](seen map[K]int, key K, i int) int {
	if j, ok := seen[key]; ok {
		return j
	}
	seen[key] = i
	return i
}

// A sets keeps disjoint sets of numbers. The root of a set is its smallest.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) root(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) join(i, j int) {
	i, j = s.root(i), s.root(j)
	s[max(i, j)] = min(i, j)
}
