package validate

import (
	"slices"
	"strings"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// phaseNames lists the phases of the labels, in their order.
func (c *checker) phaseNames() []string {
	got := make([]string, len(c.e.Labels.Rows))
	for i, l := range c.e.Labels.Rows {
		got[i] = l.Phase
	}
	return got
}

// observed compares the labels with the phases that meta.json lists as observed. If the
// labels lack a phase, its windows get the class of the phase before, so a difference
// matters. A phase that is merely repeated changes no class.
func (c *checker) observed() {
	want, got := c.e.Meta.Phases, c.phaseNames()
	switch {
	case want == nil || slices.Equal(got, want):
	case slices.Equal(slices.Compact(slices.Clone(want)), slices.Compact(slices.Clone(got))):
		c.v.remark("labels_observed", "meta.json observed the phases %s, labels.jsonl repeats them as %s", list(want),
			list(got))
	default:
		c.v.reject("labels_observed", "meta.json observed the phases %s, labels.jsonl has %s", list(want), list(got))
	}
}

// scheduled compares the labels with the plan. A run that failed ends before its plan
// does.
func (c *checker) scheduled() {
	plan := c.e.Meta.Schedule
	if len(plan) == 0 {
		return
	}
	want := make([]string, len(plan))
	for i, p := range plan {
		want[i] = p.Phase
	}
	got := c.phaseNames()
	short := slices.Compact(slices.Clone(got))
	failed := len(short) > 0 && short[len(short)-1] == "failed"
	if failed {
		short = short[:len(short)-1]
	}
	planned := slices.Compact(slices.Clone(want))
	if !slices.Equal(short, planned) && !(failed && len(short) <= len(planned) && slices.Equal(short,
		planned[:len(short)])) {
		c.v.remark("labels_schedule", "the schedule in meta.json has the phases %s, labels.jsonl has %s", list(want),
			list(got))
		return
	}
	if slices.Equal(got, want) || failed && len(got) <= len(want)+1 && slices.Equal(got[:len(got)-1],
		want[:len(got)-1]) {
		c.lengths(plan, failed)
	}
}

// lengths compares the lengths of phases with the planned ones. A busy machine may take
// longer by the clock tolerance, or by half as long again.
func (c *checker) lengths(plan []episode.Planned, failed bool) {
	rows := c.e.Labels.Rows
	var far tally
	n := len(rows) - 1
	if failed {
		n-- // the phase that failed was cut short
	}
	for i := range max(n, 0) {
		want := plan[i].Seconds
		if want > 0 && away(rows[i+1].T-rows[i].T, want) > float64(2*c.tolerance)+float64(want/2) {
			far.add(i)
		}
	}
	if far.n > 0 {
		i := far.first
		c.v.remark("labels_times", "the phase %s of row %d took %.1f s, the schedule in meta.json has %.1f s (%d "+
			"such phases)",
			episode.Clip(rows[i].Phase), i+1, rows[i+1].T-rows[i].T, plan[i].Seconds, far.n)
	}
}

// controls are the profiles and kinds of samples without any attack.
var controls = [...]string{"control", "benign", "clean", "none", "background"}

// control remarks on an attack in an episode that is a control.
func (c *checker) control() {
	m := &c.e.Meta
	is := func(s string) bool { return slices.Contains(controls[:], strings.ToLower(strings.TrimSpace(s))) }
	if !is(m.Profile) && !is(m.SampleKind) {
		return
	}
	var attack tally
	for i, l := range c.e.Labels.Rows {
		if l.Phase != channel.Clean {
			attack.add(i)
		}
	}
	if attack.n > 0 {
		c.v.remark("labels_control",
			"the sample is of the profile %s and the kind %s, but row %d is labelled %s (%d such rows)",
			episode.Clip(m.Profile), episode.Clip(m.SampleKind), attack.first+1,
			episode.Clip(c.e.Labels.Rows[attack.first].Phase), attack.n)
	}
}

// list quotes some names.
func list(names []string) string { return episode.Clip(strings.Join(names, " ")) }
