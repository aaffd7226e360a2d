package channel

import "fmt"

// Cures replace quirks of the original, each by itself. Without any, every
// number is the original's.
type Cures struct {
	// RetimeNetflow gives the rows of netflow the time within the second that
	// their recorder cut off.
	RetimeNetflow bool

	// MaxGap, seconds, is the longest distance of two finite samples that a
	// tensor is interpolated across: a point of the grid that lies between
	// samples further apart is missing, a point on a sample is not. 0 is no
	// limit. Summaries interpolate nothing.
	MaxGap float64

	// ResetsMissing makes the rate at a counter's sample missing if the sample
	// is lower than the one before: the counter began again, or the process it
	// counts for is another one. The next rate is whole again.
	ResetsMissing bool

	// AbsentListsMissing makes the length of a list missing where a row does not
	// have the list or has null in its place. The original counts 0.
	AbsentListsMissing bool

	// ExactConstants makes the standard deviation of equal values exactly 0. In
	// the original it is what rounding leaves of the mean. (The slope of equal
	// values is 0 with or without: the original's is noise that no two LAPACKs
	// share.)
	ExactConstants bool

	// ExcludeUnknownPhase leaves out the windows whose phase, at their centre, is
	// null or has no known name. In the original they are clean.
	ExcludeUnknownPhase bool
}

// names lists the cures in effect, for a schema's hash. They stand in a fixed
// order, and those that are off leave no trace: a new one changes no old hash.
func (c Cures) names() []string {
	var list []string
	add := func(on bool, name string) {
		if on {
			list = append(list, name)
		}
	}
	add(c.RetimeNetflow, "retime_netflow")
	add(c.MaxGap != 0, fmt.Sprintf("max_gap %v", c.MaxGap))
	add(c.ResetsMissing, "resets_missing")
	add(c.AbsentListsMissing, "absent_lists_missing")
	add(c.ExactConstants, "exact_constants")
	add(c.ExcludeUnknownPhase, "exclude_unknown_phase")
	return list
}
