package split

import (
	"fmt"
	"slices"
	"strings"

	"assay/engine/step"
	"assay/steps/internal/dataset"
)

// What can be held out.
const (
	ByHost   = "host"
	BySample = "sample"
	ByTime   = "time"
)

// Params are the parameters of the kind.
type Params struct {
	Hold       Hold             `json:"hold" doc:"what the test part holds out"`
	Validation step.Fraction    `json:"validation" doc:"part of what is not held out that goes to validation, in whole boots"`
	Boots      step.Fraction    `json:"boots" doc:"by sample: part of the boots that is tested on, at most"`
	Statuses   []dataset.Status `json:"statuses" doc:"verdicts of the episodes to use; none means accepted and degraded"`
	Seed       uint64           `json:"seed" doc:"chooses among equals: validation boots, held-out samples, test boots"`
}

// Hold says what the test part holds out.
//
//   - By host: all episodes of the hosts in Test.
//   - By sample: the samples in Test, or PerProfile of each profile. The VM
//     records several samples in one boot, so boots are held out as well: the
//     test part is held-out samples in test boots, training is other samples in
//     other boots, and the rest is excluded.
//   - By time: everything from an instant on, such that about Last of the
//     episodes are tested.
type Hold struct {
	By         string        `json:"by" doc:"host, sample or time"`
	Test       []string      `json:"test" doc:"the hosts, or the samples as name or profile/name; samples are chosen where none are named"`
	Last       step.Fraction `json:"last" doc:"by time: part of the episodes to test on"`
	PerProfile int           `json:"per_profile" doc:"by sample: held-out samples of each profile where none are named"`
}

// statuses are the verdicts to use.
func (p *Params) statuses() []dataset.Status {
	if len(p.Statuses) == 0 {
		return []dataset.Status{dataset.Accepted, dataset.Degraded}
	}
	return p.Statuses
}

// Check implements [step.Checker].
func (p *Params) Check() error {
	for _, s := range p.Statuses {
		if !s.Usable() {
			return fmt.Errorf("statuses: %q is not usable; take accepted, degraded or both", s)
		}
	}
	if p.Validation >= 1 {
		return fmt.Errorf("validation: %v of the rest leaves nothing to train on", percent(p.Validation))
	}
	return p.Hold.check(p.Boots)
}

func (h *Hold) check(boots step.Fraction) error {
	dup := slices.Clone(h.Test)
	slices.Sort(dup)
	if len(slices.Compact(dup)) != len(h.Test) {
		return fmt.Errorf("hold: a name is twice in test: %s", strings.Join(h.Test, ", "))
	}
	switch h.By {
	case ByHost:
		if len(h.Test) == 0 {
			return fmt.Errorf("hold: by host wants the hosts, as in {by: host, test: [lab-d4]}")
		}
	case BySample:
		if len(h.Test) == 0 && h.PerProfile < 1 {
			return fmt.Errorf("hold: per_profile is %d; hold out 1 sample of each profile at least, or name them in test", h.PerProfile)
		}
		if boots <= 0 || boots >= 1 {
			return fmt.Errorf("boots: %s leaves no boot to test on or none to train on; about 30%% is good", percent(boots))
		}
	case ByTime:
		if len(h.Test) != 0 {
			return fmt.Errorf("hold: by time takes no names in test; write {by: time, last: 20%%}")
		}
		if h.Last <= 0 || h.Last >= 1 {
			return fmt.Errorf("hold: last is %s; write the part of the episodes to test on, as in {by: time, last: 20%%}", percent(h.Last))
		}
	case "":
		return fmt.Errorf("hold: what to hold out is missing; write {by: host, test: [lab-d4]}, {by: sample} or {by: time, last: 20%%}")
	default:
		return fmt.Errorf("hold: by %q is unknown; it is host, sample or time", h.By)
	}
	return nil
}

func percent(f step.Fraction) string {
	b, _ := f.MarshalText() // never fails
	return string(b)
}
