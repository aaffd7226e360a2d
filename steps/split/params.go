package split

import (
	"fmt"

	"assay/engine/step"
	"assay/steps/kit/table"
)

// The ways to hold out the validation part.
const (
	ValidationBoot = "boot" // whole boots
	ValidationHold = "hold" // as the test part is
)

// Params are the parameters of the kind.
type Params struct {
	Hold         Hold           `json:"hold" doc:"what the test part holds out"`
	Validation   step.Fraction  `json:"validation" doc:"part of what is not held out that goes to validation"`
	ValidationBy string         `json:"validation_by" oneof:"boot hold" doc:"boot: whole boots, the same part of every profile; hold: held out as the test part is, other hosts for a host split"`
	Boots        step.Fraction  `json:"boots" doc:"by sample: part of the boots that is tested on, at most"`
	Statuses     []table.Status `json:"statuses" doc:"verdicts of the episodes to use; none means accepted and degraded"`
	Seed         uint64         `json:"seed" doc:"chooses among equals: validation boots, what to hold out where it is not named"`
}

// statuses returns the verdicts to use.
func (p *Params) statuses() []table.Status {
	if len(p.Statuses) == 0 {
		return []table.Status{table.Accepted, table.Degraded}
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
	switch p.ValidationBy {
	case ValidationBoot, ValidationHold, "":
	default:
		return fmt.Errorf("validation_by: %q is unknown; it is boot (whole boots) or hold (as the test part)",
			p.ValidationBy)
	}
	return p.Hold.check(p.Boots)
}

func percent(f step.Fraction) string {
	b, _ := f.MarshalText() // never fails
	return string(b)
}
