package steps

import (
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/kit/table"
	"assay/steps/synth"
)

// verdictOf has, for each rule that a messy store breaks, the verdict that it gives.
var verdictOf = map[string]table.Status{
	"rows_unordered": table.Accepted, "rows_twice": table.Accepted, "rows_differ": table.Accepted,
	"clock_step": table.Accepted, "clock_apart": table.Accepted, "label_apart": table.Accepted,
	"labels_prev": table.Accepted, "labels_schedule": table.Accepted, "labels_times": table.Accepted,
	"labels_observed": table.Accepted, "sample_sha256": table.Accepted, "idle_still": table.Accepted,
	"channel_missing": table.Accepted,

	"rows_lost": table.Degraded, "rows_few": table.Degraded, "rows_outside": table.Degraded, "gap": table.Degraded,
	"number_text": table.Degraded, "number_not_finite": table.Degraded, "counter_reset": table.Degraded,
	"source_missing": table.Degraded, "source_empty": table.Degraded, "meta_profile": table.Degraded,
	"labels_late": table.Degraded, "clock_stray": table.Degraded,
}

// TestFaultsAreJudged: the verdict of each episode of a messy store is the worst of its
// reasons, and every rule gives its own.
func TestFaultsAreJudged(t *testing.T) {
	p := synth.Defaults()
	p.Messy, p.Episodes, p.Duration = 1, 300, 20e9
	store := makeOne(t, "synth", &p, nil, "episodes")
	index, err := table.ReadIndex(makeOne(t, "validate", nil, step.Inputs{"episodes": {{FS: store}}}, "index"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, e := range index {
		rank := map[table.Status]int{table.Accepted: 0, table.Degraded: 1, table.Errored: 2, table.Rejected: 3}
		want := table.Accepted
		for _, reason := range e.Reasons {
			rule, _, _ := strings.Cut(reason, ":")
			seen[rule]++
			if got := verdict(rule); rank[got] > rank[want] {
				want = got
			}
		}
		if e.Status != want {
			t.Errorf("%s is %s, want %s for %q", e.Episode, e.Status, want, e.Reasons)
		}
	}
	if len(seen) < 18 {
		t.Errorf("only these rules were broken: %v", seen)
	}
}

// verdict returns what a rule gives: what verdictOf does not have refuses an episode.
func verdict(rule string) table.Status {
	if rule == "unreadable" {
		return table.Errored
	}
	if s, ok := verdictOf[rule]; ok {
		return s
	}
	return table.Rejected
}
