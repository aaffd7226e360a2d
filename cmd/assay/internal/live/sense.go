package live

import (
	"encoding/json"
	"fmt"
)

// checkSense checks what a schema cannot say: the shape of a confusion matrix, and intervals.
func checkSense(name string, fields map[string]any) error {
	switch name {
	case TypeConfusion:
		labels, _ := fields["labels"].([]any)
		counts, _ := fields["counts"].([]any)
		if len(counts) != len(labels) {
			return &Invalid{-1, "counts", fmt.Sprintf("%d rows for %d labels", len(counts), len(labels))}
		}
		for i, row := range counts {
			if row, _ := row.([]any); len(row) != len(labels) {
				return &Invalid{-1, fmt.Sprintf("counts[%d]", i), fmt.Sprintf("%d columns for %d labels", len(row),
					len(labels))}
			}
		}
	case TypeMetric:
		low, isLow := number(fields["low"])
		high, isHigh := number(fields["high"])
		if isLow != isHigh || low > high {
			return &Invalid{-1, "low", "an interval needs both low and high, and low is not above high"}
		}
	}
	return nil
}

// number returns a JSON number; false for anything else.
func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

// keyOf names what an event is about.
func keyOf(name string, fields map[string]any) string {
	var by []string
	switch name {
	case TypeMetric:
		by = []string{"model", "view", "split", "metric"}
	case TypeConfusion, TypePerf:
		by = []string{"model", "view", "split"}
	case TypeProfile:
		by = []string{"name"}
	case TypeRun:
	default:
		return ""
	}
	key := name
	for _, f := range by {
		text, _ := fields[f].(string)
		key += "\x1f" + text
	}
	return key
}
