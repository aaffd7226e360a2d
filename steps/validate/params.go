package validate

import (
	"errors"
	"fmt"
	"time"

	"assay/engine/step"
)

// Params are the thresholds of the rules.
type Params struct {
	MissingSidecar Ruling `json:"missing_sidecar" doc:"verdict on an episode without its .sha256: reject, degrade or accept"`
	MissingDone    Ruling `json:"missing_done" doc:"verdict on an episode without the recorder's done marker: reject, degrade or accept"`
	SchemaVersion  int    `json:"schema_version" doc:"the schema_version of meta.json; any other is rejected"`

	MinDuration step.Duration `json:"min_duration" doc:"shorter episodes are rejected"`
	MaxDuration step.Duration `json:"max_duration" doc:"longer episodes are rejected"`
	MinCoverage step.Fraction `json:"min_coverage" doc:"an episode is rejected if all its telemetry ends before this part of its duration"`

	MinRows        step.Fraction `json:"min_rows" doc:"an episode is degraded if a source has less than this part of the rows that meta.json counts"`
	MaxGap         step.Duration `json:"max_gap" doc:"an episode is degraded if a source has no row for longer than this, also at the start and the end"`
	ClockTolerance step.Duration `json:"clock_tolerance" doc:"how far wall clocks may differ from the episode's span and from the monotonic clock"`
}

// Defaults returns the parameters that a recipe starts from. The gap is one default
// window. The tolerance is twice the lag that was seen in a stalled guest.
func Defaults() Params {
	return Params{
		MissingSidecar: Reject,
		MissingDone:    Reject,
		SchemaVersion:  1,
		MinDuration:    step.Duration(10 * time.Second),
		MaxDuration:    step.Duration(24 * time.Hour),
		MinCoverage:    0.5,
		MinRows:        0.9,
		MaxGap:         step.Duration(10 * time.Second),
		ClockTolerance: step.Duration(5 * time.Second),
	}
}

// Check returns every mistake at once.
func (p *Params) Check() error {
	var errs []error
	errs = append(errs, p.MissingSidecar.check("missing_sidecar"), p.MissingDone.check("missing_done"))
	if p.SchemaVersion < 1 {
		errs = append(errs, fmt.Errorf("schema_version is %d, want 1 or more", p.SchemaVersion))
	}
	for _, d := range []struct {
		name string
		v    step.Duration
	}{
		{"min_duration", p.MinDuration}, {"max_duration", p.MaxDuration},
		{"max_gap", p.MaxGap}, {"clock_tolerance", p.ClockTolerance},
	} {
		if d.v <= 0 {
			errs = append(errs, fmt.Errorf("%s is %v, want more than 0s", d.name, time.Duration(d.v)))
		}
	}
	if p.MaxDuration < p.MinDuration {
		errs = append(errs, errors.New("max_duration is below min_duration"))
	}
	return errors.Join(errs...)
}

// A Ruling is the verdict on an episode that breaks a rule which users may decide on.
type Ruling string

// The rulings.
const (
	Reject  Ruling = "reject"
	Degrade Ruling = "degrade"
	Accept  Ruling = "accept"
)

func (r Ruling) check(name string) error {
	switch r {
	case Reject, Degrade, Accept:
		return nil
	}
	return fmt.Errorf("%s is %q, want reject, degrade or accept", name, string(r))
}
