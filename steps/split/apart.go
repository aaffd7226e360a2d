package split

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"assay/steps/kit/table"
)

// An aspect is what is held out in one respect: hosts, samples, time or boots.
type aspect struct {
	by    string
	held  []bool   // by episode
	names []string // of what is held out, for people
}

// hold chooses the part that is held out. It is called the test part here, and becomes
// the validation part where it is held out of the rest. boots is the part of the boots
// that a crossing may test on.
func (d *data) hold(h held, boots float64, seed uint64) (*plan, error) {
	if h.only(BySample) {
		return d.holdSamples(h, boots, seed)
	}
	var list []aspect
	chosen := d.all()
	for _, by := range h.by {
		if by == BySample {
			continue // chosen among what the other aspects leave
		}
		a, err := d.aspect(by, h, seed)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
		for i := range chosen {
			chosen[i] = chosen[i] && a.held[i]
		}
	}
	if h.has(BySample) {
		samples, err := d.samplesOf(h, chosen, seed)
		if err != nil {
			return nil, err
		}
		at := min(slices.Index(h.by, BySample), len(list))
		list = slices.Insert(list, at, d.sampleAspect(samples))
	}
	return d.together(list), nil
}

// all returns true for every episode.
func (d *data) all() []bool {
	list := make([]bool, len(d.eps))
	for i := range list {
		list[i] = true
	}
	return list
}

// aspect returns what is held out by host, time or boot.
func (d *data) aspect(by string, h held, seed uint64) (aspect, error) {
	switch by {
	case ByHost:
		return d.hostAspect(h, seed)
	case ByTime:
		return d.timeAspect(h.last)
	default:
		return d.bootAspect(h.part, seed)
	}
}

// together makes a plan of several aspects: the test part is held out in all of them,
// training in none. The rest is excluded.
func (d *data) together(list []aspect) *plan {
	p := d.newPlan()
	timed := false
	for _, a := range list {
		p.held = append(p.held, table.HeldOut{By: a.by, Names: a.names})
		timed = timed || a.by == ByTime
	}
	for i, e := range d.eps {
		var in, out []string
		for _, a := range list {
			if a.held[i] {
				in = append(in, a.by)
			} else {
				out = append(out, a.by)
			}
		}
		switch {
		case timed && e.StartNs == 0:
			p.exclude(i, "its start is not known")
		case len(out) == 0:
			p.part[i] = table.Test
		case len(in) > 0:
			p.exclude(i, fmt.Sprintf("held out by %s but not by %s", strings.Join(in, " and "),
				strings.Join(out, " and ")))
		}
	}
	d.mend(p)
	return p
}

// mend excludes the training episodes of tested boots. Only a cut in time can leave such
// episodes: every other aspect takes whole boots.
func (d *data) mend(p *plan) {
	tested := make([]bool, len(d.boots))
	for i, part := range p.part {
		if part == table.Test {
			tested[d.boot[i]] = true
		}
	}
	for i, part := range p.part {
		if part == "" && tested[d.boot[i]] {
			p.exclude(i, "its boot goes on past the cut")
		}
	}
}

// hostAspect holds out the named hosts, or a part of them.
func (d *data) hostAspect(h held, seed uint64) (aspect, error) {
	known := d.hosts()
	names := h.hosts
	for _, name := range names {
		if !slices.Contains(known, name) {
			return aspect{}, unknown("host", name, known)
		}
	}
	if len(names) == 0 {
		if len(known) < 2 {
			return aspect{}, errors.New("hold: by host needs at least two hosts: one to hold out, the others to train on")
		}
		names = d.chooseHosts(known, h.part, seed)
	}
	a := aspect{by: ByHost, names: sortedSet(names), held: make([]bool, len(d.eps))}
	for i, e := range d.eps {
		_, a.held[i] = slices.BinarySearch(a.names, e.Host)
	}
	return a, nil
}

func (d *data) hosts() []string {
	var names []string
	for i, e := range d.eps { // in key order
		if i == 0 || e.Host != d.eps[i-1].Host {
			names = append(names, e.Host)
		}
	}
	return names
}

// timeAspect holds out every episode from an instant on.
func (d *data) timeAspect(last float64) (aspect, error) {
	var starts []int64
	for _, e := range d.eps {
		if e.StartNs != 0 {
			starts = append(starts, e.StartNs)
		}
	}
	if len(starts) < 2 {
		return aspect{}, errors.New("hold: by time needs at least two usable episodes whose start is known")
	}
	slices.Sort(starts)
	n := int(math.Round(last * float64(len(starts))))
	cut := starts[len(starts)-min(max(n, 1), len(starts)-1)]
	a := aspect{by: ByTime, names: []string{time.Unix(0, cut).UTC().Format(time.RFC3339Nano)}, held: make([]bool,
		len(d.eps))}
	for i, e := range d.eps {
		a.held[i] = e.StartNs >= cut
	}
	return a, nil
}

// bootAspect holds out boots such that every profile gives the wanted part.
func (d *data) bootAspect(part float64, seed uint64) (aspect, error) {
	a := aspect{by: ByBoot, held: d.spare(d.all(), part, d.bootOrder("split/boot", seed))}
	for b, list := range d.boots {
		if a.held[list[0]] {
			a.names = append(a.names, d.bootNames[b])
		}
	}
	if len(a.names) == 0 {
		return a, errors.New("hold: no boot can be held out such that every profile keeps another; hold out hosts, " +
			"samples or time")
	}
	slices.Sort(a.names)
	return a, nil
}

func (d *data) sampleAspect(samples []int) aspect {
	a := aspect{by: BySample, held: make([]bool, len(d.eps))}
	for i := range d.eps {
		_, a.held[i] = slices.BinarySearch(samples, d.sample[i])
	}
	a.names = d.fullNames(samples)
	return a
}
