// Package cures holds the parameter "cures" of the kinds that compute numbers from
// episodes: which quirks of the original they correct. [channel.Cures] says what each
// one does.
package cures

import (
	"fmt"
	"time"

	"assay/engine/step"
	"assay/steps/kit/channel"
)

// Params are the cures as a recipe writes them. All are off by default.
type Params struct {
	RetimeNetflow       bool          `json:"retime_netflow" doc:"give netflow rows the time within the second that their recorder cut off"`
	MaxGap              step.Duration `json:"max_gap" doc:"do not interpolate tensors across longer gaps between samples; 0s is no limit"`
	ResetsMissing       bool          `json:"resets_missing" doc:"where a counter falls it has no rate, instead of a negative one"`
	AbsentListsMissing  bool          `json:"absent_lists_missing" doc:"a list that a row lacks has no length, instead of 0"`
	ExactConstants      bool          `json:"exact_constants" doc:"equal values have a standard deviation of exactly 0"`
	ExcludeUnknownPhase bool          `json:"exclude_unknown_phase" doc:"leave out windows of no known phase, instead of labelling them clean"`
}

// Check returns what is wrong with the parameters.
func (p Params) Check() error {
	if p.MaxGap < 0 {
		return fmt.Errorf("cures: max_gap is %v, want 0s or more", time.Duration(p.MaxGap))
	}
	return nil
}

// InSeconds returns the cures in the units of their work.
func (p Params) InSeconds() channel.Cures {
	return channel.Cures{
		RetimeNetflow:       p.RetimeNetflow,
		MaxGap:              p.MaxGap.Seconds(),
		ResetsMissing:       p.ResetsMissing,
		AbsentListsMissing:  p.AbsentListsMissing,
		ExactConstants:      p.ExactConstants,
		ExcludeUnknownPhase: p.ExcludeUnknownPhase,
	}
}
