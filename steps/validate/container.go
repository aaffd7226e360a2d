package validate

import (
	"fmt"
	"maps"
	"slices"

	"assay/steps/kit/episode"
)

// entries judges the contents of the tar.
func (c *checker) entries() {
	details := map[string][]string{}
	for _, f := range c.e.Findings {
		details[f.Rule] = append(details[f.Rule], f.Detail)
	}
	for _, rule := range slices.Sorted(maps.Keys(details)) {
		list := details[rule]
		what := list[0]
		if more := len(list) - 1; more > 0 {
			what += fmt.Sprintf(", and %d more like it", more)
		}
		if rule == episode.EntryUnknown {
			c.v.remark(rule, "%s", what)
		} else {
			c.v.reject(rule, "%s", what)
		}
	}
	if !c.e.Done {
		c.v.rule(c.p.MissingDone, "done_missing", "the recorder left no done marker: it was stopped, or the tar is "+
			"not complete")
	}
	if c.e.DoneSize > 0 {
		c.v.remark("done_content", "the done marker holds %d bytes, want none", c.e.DoneSize)
	}
	if !c.e.Events {
		c.v.remark("events_missing", "there is no events.jsonl; nothing reads it")
	}
}
