package split

import (
	"errors"
	"slices"
	"strings"

	"assay/steps/kit/table"
)

// holdSamples holds out samples and boots crosswise.
func (d *data) holdSamples(h held, boots float64, seed uint64) (*plan, error) {
	if len(d.boots) < 2 {
		return nil, errors.New("hold: by sample needs at least two boots: one to test on, the others to train on")
	}
	c := newCrossing(d)
	var fixed []int
	if len(h.samples) > 0 || h.part > 0 {
		var err error
		if fixed, err = d.samplesOf(h, d.all(), seed); err != nil {
			return nil, err
		}
	} else if !c.choosable() {
		return nil, errOneSample
	}
	best := c.search(fixed, h.perProfile, boots, seed)
	p := d.newPlan()
	var samples []int
	for s, held := range best.held {
		if held {
			samples = append(samples, s)
		}
	}
	p.held = []table.HeldOut{{By: BySample, Names: d.fullNames(samples)}}
	for i := range d.eps {
		held, tested := best.held[d.sample[i]], best.tested[d.boot[i]]
		switch {
		case held && tested:
			p.part[i] = table.Test
		case held:
			p.exclude(i, "held-out sample recorded in a training boot")
		case tested:
			p.exclude(i, "shares a boot with held-out samples")
		}
	}
	return p, nil
}

var errOneSample = errors.New("hold: no profile has two samples, so none can be held out; split by host or time")

// samplesOf returns the samples to hold out, sorted: those named, or some of each
// profile among the chosen episodes.
func (d *data) samplesOf(h held, chosen []bool, seed uint64) ([]int, error) {
	if len(h.samples) > 0 {
		return d.namedSamples(h.samples)
	}
	list := d.chooseSamples(h, chosen, seed)
	if len(list) == 0 {
		return nil, errOneSample
	}
	return list, nil
}

// namedSamples returns the samples of the given names.
func (d *data) namedSamples(names []string) ([]int, error) {
	var found []int
	for _, name := range names {
		n := len(found)
		for s, list := range d.samples {
			if slices.ContainsFunc(list, func(have sampleName) bool {
				return have.name == name ||
					have.String() == name
			}) {
				found = append(found, s)
			}
		}
		if len(found) == n {
			return nil, unknown("sample", name, d.sampleNames(strings.Contains(name, "/")))
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// sampleNames lists the names of all samples, with their profiles if full.
func (d *data) sampleNames(full bool) []string {
	var list []string
	for _, names := range d.samples {
		for _, s := range names {
			if full {
				list = append(list, s.String())
			} else {
				list = append(list, s.name)
			}
		}
	}
	return sortedSet(list)
}

// fullNames lists the names "profile/name" of some samples.
func (d *data) fullNames(samples []int) []string {
	var list []string
	for _, s := range samples {
		for _, name := range d.samples[s] {
			list = append(list, name.String())
		}
	}
	return sortedSet(list)
}
