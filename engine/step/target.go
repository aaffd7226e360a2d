package step

import (
	"cmp"
	"fmt"
	"path"
	"strings"
)

// A target names one node or several: "gbt", "gbt[view=oracle]" with any of its
// coordinates, or "train-*", a path.Match pattern for the step. The language is the same
// for runs to come and for past runs.

// CheckTarget refuses incomplete coordinates, which would otherwise be taken for
// something else.
func CheckTarget(target string) error {
	name, coords, has := strings.Cut(target, "[")
	switch {
	case !has && strings.Contains(target, "]"):
		return fmt.Errorf("%s closes a bracket that it does not open; write it as %s[axis=value]", target,
			strings.Trim(target, "]"))
	case !has:
		return nil
	case !strings.Contains(coords, "]"):
		return fmt.Errorf("%s lacks its closing bracket; write it as '%s]'", target, target)
	}
	for c := range strings.SplitSeq(strings.TrimSuffix(coords, "]"), ",") {
		if axis, value, _ := strings.Cut(strings.TrimSpace(c), "="); axis == "" || value == "" {
			return fmt.Errorf("%s: %q within the brackets is not a coordinate; write it as '%s[axis=value]'", target, c,
				cmp.Or(name, "STEP"))
		}
	}
	return nil
}

// MatchTarget reports whether a target names a node of a step; at says whether the
// node has a coordinate.
func MatchTarget(target, step string, at func(axis, value string) bool) bool {
	name, coords, has := strings.Cut(strings.TrimSuffix(target, "]"), "[")
	if ok, err := path.Match(name, step); !ok || err != nil {
		return false
	}
	if !has {
		return true
	}
	for c := range strings.SplitSeq(coords, ",") {
		axis, value, _ := strings.Cut(strings.TrimSpace(c), "=")
		if !at(axis, value) {
			return false
		}
	}
	return true
}

// MatchesName is MatchTarget for a node of which only the name is known.
func MatchesName(node, target string) bool {
	if node == target {
		return true
	}
	step, labels, _ := strings.Cut(strings.TrimSuffix(node, "]"), "[")
	return MatchTarget(target, step, func(axis, value string) bool {
		return strings.Contains(","+labels+",", ","+axis+"="+value+",")
	})
}
