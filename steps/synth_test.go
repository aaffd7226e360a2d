package steps

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/kit/table"
	"assay/steps/synth"
)

// makeOne runs a kind of the list and returns the folder of its output.
func makeOne(t *testing.T, kind string, params any, in step.Inputs, out string) fs.FS {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, k := range All() {
		if k.Name != kind {
			continue
		}
		if params == nil {
			params = k.Params()
		}
		if err := k.Run(t.Context(), params, in, step.Outputs{out: root}); err != nil {
			t.Fatal(err)
		}
		return os.DirFS(dir)
	}
	t.Fatalf("there is no kind %s", kind)
	return nil
}

// verdicts makes episodes and validates them: how many of each status, and the
// rules that were broken.
func verdicts(t *testing.T, p synth.Params) (status map[table.Status]int, rules map[string]int) {
	t.Helper()
	store := makeOne(t, "synth", &p, nil, "episodes")
	index, err := table.ReadIndex(makeOne(t, "validate", nil, step.Inputs{"episodes": {{FS: store}}}, "index"))
	if err != nil {
		t.Fatal(err)
	}
	if len(index) != p.Episodes {
		t.Errorf("%d of %d episodes are in the index", len(index), p.Episodes)
	}
	status, rules = map[table.Status]int{}, map[string]int{}
	for _, e := range index {
		status[e.Status]++
		for _, r := range e.Reasons {
			rule, _, _ := strings.Cut(r, ":")
			rules[rule]++
		}
	}
	return status, rules
}

// TestSynthIsValid: nothing is wrong with a made-up store, unless it is to be.
func TestSynthIsValid(t *testing.T) {
	p := synth.Defaults()
	for _, duration := range []step.Duration{p.Duration, 20e9} {
		p.Duration, p.Episodes, p.Hosts = duration, 210, 15
		if status, rules := verdicts(t, p); status[table.Accepted] != p.Episodes || len(rules) > 0 {
			t.Errorf("clean: %v, %v", status, rules)
		}
	}
	p.Messy, p.Episodes = 1, 420
	status, rules := verdicts(t, p)
	for _, s := range []table.Status{table.Accepted, table.Degraded, table.Rejected, table.Errored} {
		if status[s] == 0 {
			t.Errorf("messy: none is %s of %v", s, status)
		}
	}
	for _, rule := range []string{
		"rows_unordered", "rows_twice", "rows_lost", "number_text", "number_not_finite", "counter_reset", "gap", "rows_few",
		"source_missing", "source_empty", "meta_profile", "clock_jump", "labels_phase", "labels_order", "labels_empty",
		"done_missing", "meta_host_id", "sidecar_missing", "sidecar_mismatch", "unreadable",
	} {
		if rules[rule] == 0 {
			t.Errorf("messy: no episode breaks the rule %s", rule)
		}
	}
}
