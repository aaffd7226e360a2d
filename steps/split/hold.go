package split

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"assay/steps/internal/dataset"
)

// holdHosts puts every episode of the named hosts in the test part.
func (d *data) holdHosts(names []string) (*plan, error) {
	var known []string
	for _, e := range d.eps {
		known = append(known, e.Host)
	}
	known = sortedSet(known)
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, unknown("host", name, known)
		}
	}
	p := d.newPlan()
	p.test = names
	for i, e := range d.eps {
		if slices.Contains(names, e.Host) {
			p.part[i] = dataset.Test
		}
	}
	return p, nil
}

// holdLast puts every episode from an instant on in the test part. Boots that
// go on past the instant lose their earlier episodes.
func (d *data) holdLast(last float64) (*plan, error) {
	var starts []int64
	for _, e := range d.eps {
		if e.StartNs != 0 {
			starts = append(starts, e.StartNs)
		}
	}
	if len(starts) < 2 {
		return nil, errors.New("hold: by time wants two usable episodes at least whose start is known")
	}
	slices.Sort(starts)
	n := int(math.Round(last * float64(len(starts))))
	cut := starts[len(starts)-min(max(n, 1), len(starts)-1)]
	p := d.newPlan()
	p.test = []string{time.Unix(0, cut).UTC().Format(time.RFC3339Nano)}
	straddles := make([]bool, len(d.boots))
	for i, e := range d.eps {
		if e.StartNs >= cut {
			p.part[i] = dataset.Test
			straddles[d.boot[i]] = true
		}
	}
	for i, e := range d.eps {
		switch {
		case e.StartNs == 0:
			p.exclude(i, "its start is not known")
		case e.StartNs < cut && straddles[d.boot[i]]:
			p.exclude(i, "its boot goes on past the cut")
		}
	}
	return p, nil
}

// holdSamples holds out samples and boots crosswise.
func (d *data) holdSamples(params Params) (*plan, error) {
	if len(d.boots) < 2 {
		return nil, errors.New("hold: by sample wants two boots at least: one to test on, the others to train on")
	}
	c := newCrossing(d)
	named, err := d.namedSamples(params.Hold.Test)
	if err != nil {
		return nil, err
	}
	if named == nil && !c.choosable() {
		return nil, errors.New("hold: no profile has two samples, so none can be held out; split by host or time")
	}
	best := c.search(named, params.Hold.PerProfile, float64(params.Boots), params.Seed)
	p := d.newPlan()
	for s, held := range best.held {
		if held {
			for _, name := range d.samples[s] {
				p.test = append(p.test, name.String())
			}
		}
	}
	for i := range d.eps {
		held, tested := best.held[d.sample[i]], best.tested[d.boot[i]]
		switch {
		case held && tested:
			p.part[i] = dataset.Test
		case held:
			p.exclude(i, "held-out sample recorded in a training boot")
		case tested:
			p.exclude(i, "shares a boot with held-out samples")
		}
	}
	return p, nil
}

// namedSamples returns the samples of the given names, or nil if there are none.
func (d *data) namedSamples(names []string) ([]int, error) {
	var found []int
	for _, name := range names {
		n := len(found)
		for s, list := range d.samples {
			if slices.ContainsFunc(list, func(have sampleName) bool { return have.name == name || have.String() == name }) {
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

// errNothing says that a part came out empty.
func errNothing(part dataset.Part, by string) error {
	remedy := map[string]string{
		ByHost:   "name fewer hosts, or others",
		BySample: "name other samples, or change boots",
		ByTime:   "change last",
	}[by]
	return fmt.Errorf("the %s part is empty; %s", part, remedy)
}
