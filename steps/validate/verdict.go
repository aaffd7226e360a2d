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

// remark records a finding that leaves the episode fully usable.
func (v *verdict) remark(rule, format string, args ...any) {
	v.add(&v.remarks, rule, format, args...)
}

// degrade records that rows or sources are left out.
func (v *verdict) degrade(rule, format string, args ...any) {
	v.add(&v.degrades, rule, format, args...)
}

// reject records that a rule refuses the episode.
func (v *verdict) reject(rule, format string, args ...any) {
	v.add(&v.rejects, rule, format, args...)
}

// fail records that the episode cannot be read.
func (v *verdict) fail(rule, format string, args ...any) {
	v.add(&v.errors, rule, format, args...)
}

// rule records a finding whose verdict a parameter decides.
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

// status returns the worst finding. A rejection outranks an error: a wrong checksum
// explains more than unreadable content.
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
