package split

import (
	"slices"

	"assay/steps/kit/table"
)

// A data is the usable episodes and how they group into boots, samples and profiles.
type data struct {
	eps []table.Episode // in key order

	boot      []int    // of each episode
	boots     [][]int  // the episodes of each boot
	bootNames []string // "<host>/<ordinal>"
	noBoot    []int    // episodes whose boot cannot be known
	bootless  bool     // no boot of some host can be known

	sample  []int          // of each episode: index into samples
	samples [][]sampleName // the names of each sample: several if their content is one

	noDigest int // episodes whose sample.sha256 is no digest; they count as without

	profile  []int    // of each episode: index into profiles
	profiles []string // sorted
}

// A sampleName is what the index calls a sample. Names are unique in a profile.
type sampleName struct{ profile, name string }

// String returns "profile/name".
func (s sampleName) String() string { return s.profile + "/" + s.name }

// newData takes the usable episodes in key order and finds out what a split needs of
// them: profiles, boots and samples. A sample digest that is the SHA-256 of no
// content is dropped and counted.
func newData(index []table.Episode, statuses []table.Status) *data {
	d := &data{}
	for _, e := range index {
		if slices.Contains(statuses, e.Status) {
			if sha := e.SampleSHA; sha != "" {
				if e.SampleSHA = table.SampleDigest(sha); e.SampleSHA == "" {
					d.noDigest++
				}
			}
			d.eps = append(d.eps, e)
		}
	}
	slices.SortFunc(d.eps, func(a, b table.Episode) int { return a.Compare(b.Key) })
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
