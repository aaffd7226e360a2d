package validate

import (
	"fmt"

	"assay/steps/kit/table"
)

// A verdict collects what the rules found in one episode.
type verdict struct {
	remarks, degrades, rejects, errors int
	reasons                            []string
}

// remark notes something that takes nothing away.
func (v *verdict) remark(rule, format string, args ...any) {
	v.add(&v.remarks, rule, format, args...)
}

// degrade notes that rows or sources are left out.
func (v *verdict) degrade(rule, format string, args ...any) {
	v.add(&v.degrades, rule, format, args...)
}

// reject notes that a rule refuses the episode.
func (v *verdict) reject(rule, format string, args ...any) {
	v.add(&v.rejects, rule, format, args...)
}

// fail notes that the episode cannot be read.
func (v *verdict) fail(rule, format string, args ...any) {
	v.add(&v.errors, rule, format, args...)
}

// rule notes what a parameter decides on.
func (v *verdict) rule(r Ruling, rule, format string, args ...any) {
	switch r {
	case Reject:
		v.reject(rule, format, args...)
	case Degrade:
		v.degrade(rule, format, args...)
	default:
		v.remark(rule, format, args...)
	}
}

func (v *verdict) add(n *int, rule, format string, args ...any) {
	*n++
	v.reasons = append(v.reasons, rule+": "+fmt.Sprintf(format, args...))
}

// status weighs the findings. A rule that refuses an unreadable file, its
// checksum for one, explains more than that it is unreadable.
func (v *verdict) status() table.Status {
	switch {
	case v.rejects > 0:
		return table.Rejected
	case v.errors > 0:
		return table.Errored
	case v.degrades > 0:
		return table.Degraded
	}
	return table.Accepted
}
