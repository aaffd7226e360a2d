package split

import (
	"fmt"
	"slices"
	"strings"

	"assay/engine/step"
)

// What can be held out.
const (
	ByHost   = "host"
	BySample = "sample"
	ByTime   = "time"
	ByBoot   = "boot"
)

// aspects lists what can be held out, in the order in which names list it.
func aspects() []string { return []string{ByHost, BySample, ByTime, ByBoot} }

// Hold says what the test part holds out. There are four aspects:
//
//   - host: all episodes of some hosts.
//   - sample: all episodes of some samples.
//   - time: everything from an instant on, such that about Last of the episodes
//     start after it.
//   - boot: all episodes of some boots of the VMs.
//
// Hosts and samples are those that are named, or a Part of them chosen with the
// seed; boots are always chosen. The choice goes by a hash of seed and name, so
// that a new episode changes nothing and a new host or sample exchanges one at
// most. Samples are chosen profile by profile, PerProfile of each where no Part
// is given, and boots so that every profile gives the same part.
//
// In a recipe, By joins the aspects with "+"; it may be left out where hosts,
// samples or last say it. These are all the forms:
//
//	{by: host, test: [lab-d4]}             {hosts: [lab-d4]}
//	{by: sample, test: [beac-a]}           {samples: [beac-a]}
//	{by: time, last: 20%}                  {last: 20%}
//	{by: sample}                           one sample of each profile
//	{by: host, part: 25%}                  a quarter of the hosts, chosen
//	{by: boot, part: 20%}                  a fifth of the boots, chosen
//	{hosts: [lab-d4, lab-b2], samples: [beac-a]}
//	{by: host+sample+time, part: 25%, last: 30%}
//
// Several aspects are held out together: the test part is what is held out in
// every aspect (a held-out sample on a held-out host), training is what is held
// out in none, and an episode that is held out in some of them only is
// excluded, with these named in its row. So nothing that is tested resembles
// the training part in any of the aspects.
//
// No boot is in two parts. Where samples alone are held out, boots are held out
// crosswise for this: the VM records several samples in one boot, so the test
// part is held-out samples in test boots, training is other samples in other
// boots, and the rest is excluded. Where time tears a boot apart, its earlier
// episodes are excluded.
type Hold struct {
	By         string       `json:"by" doc:"host, sample, time, boot or several joined by +; hosts, samples and last say it as well"`
	Test       []string     `json:"test" doc:"by host or by sample alone: the hosts, or the samples as name or profile/name"`
	Hosts      []string     `json:"hosts" doc:"names of hosts to hold out"`
	Samples    []string     `json:"samples" doc:"samples to hold out, as name or profile/name"`
	Part       step.Portion `json:"part,omitempty" doc:"part of the hosts, of each profile's samples, or of the boots to choose where none are named"`
	Last       step.Portion `json:"last,omitempty" doc:"by time: part of the episodes to test on, 20% unless said"`
	PerProfile int          `json:"per_profile" doc:"by sample: samples of each profile to choose where neither names nor a part are given"`
}

// defaultLast is the part that is tested on by time where the recipe says none.
const defaultLast = 0.2

// A held is a Hold in its one canonical form.
type held struct {
	by         []string // in the order of aspects
	hosts      []string
	samples    []string
	part, last float64
	perProfile int
}

// String returns "host+sample".
func (h held) String() string { return strings.Join(h.by, "+") }

func (h held) has(aspect string) bool { return slices.Contains(h.by, aspect) }

// only reports whether an aspect is the only one.
func (h held) only(aspect string) bool { return len(h.by) == 1 && h.by[0] == aspect }

// form brings a Hold into its one form. It must have passed check.
func (h *Hold) form() held {
	f := held{
		hosts: h.Hosts, samples: h.Samples,
		part: float64(h.Part), last: float64(h.Last), perProfile: h.PerProfile,
	}
	words := strings.Split(h.By, "+")
	for _, aspect := range aspects() {
		if slices.Contains(words, aspect) || h.By == "" && h.says(aspect) {
			f.by = append(f.by, aspect)
		}
	}
	switch {
	case f.only(ByHost) && len(h.Test) > 0:
		f.hosts = h.Test
	case f.only(BySample) && len(h.Test) > 0:
		f.samples = h.Test
	}
	if f.last == 0 {
		f.last = defaultLast
	}
	return f
}

// says reports whether a key other than by names an aspect.
func (h *Hold) says(aspect string) bool {
	switch aspect {
	case ByHost:
		return len(h.Hosts) > 0
	case BySample:
		return len(h.Samples) > 0
	case ByTime:
		return h.Last > 0
	}
	return false
}

// check refuses a Hold that is contradictory or leaves nothing to train on. It looks
// at the words first: form relies on them.
func (h *Hold) check(boots step.Fraction) error {
	if err := h.checkWords(); err != nil {
		return err
	}
	for _, list := range []struct {
		key   string
		names []string
	}{{"test", h.Test}, {"hosts", h.Hosts}, {"samples", h.Samples}} {
		if len(sortedSet(list.names)) != len(list.names) {
			return fmt.Errorf("hold: %s has a name twice: %s", list.key, strings.Join(list.names, ", "))
		}
	}
	f := h.form()
	if err := h.checkTest(f); err != nil {
		return err
	}
	if f.part >= 1 {
		return fmt.Errorf("hold: part is %s; that leaves nothing to train on", percent(step.Fraction(h.Part)))
	}
	return f.check(boots)
}

// checkWords checks by, alone and against the keys that imply an aspect.
func (h *Hold) checkWords() error {
	if h.By == "" {
		for _, aspect := range aspects() {
			if h.says(aspect) {
				return nil
			}
		}
		return fmt.Errorf("hold: what to hold out is missing; write {by: host, test: [lab-d4]}, {by: sample} or {by: " +
			"time, last: 20%%}")
	}
	words := strings.Split(h.By, "+")
	for i, word := range words {
		if !slices.Contains(aspects(), word) {
			return fmt.Errorf("hold: by %q is unknown; it is host, sample, time, boot, or several such as host+sample",
				word)
		}
		if slices.Contains(words[:i], word) {
			return fmt.Errorf("hold: by %q has %s twice", h.By, word)
		}
	}
	for _, aspect := range aspects() {
		if h.says(aspect) && !slices.Contains(words, aspect) {
			key := map[string]string{ByHost: "hosts", BySample: "samples", ByTime: "last"}[aspect]
			return fmt.Errorf("hold: %s is given, but by is %s; write by: %s+%s, or leave by or %s out", key, h.By,
				h.By, aspect, key)
		}
	}
	return nil
}

// checkTest checks the names in test, which belong to the one aspect of by.
func (h *Hold) checkTest(f held) error {
	switch {
	case len(h.Test) == 0:
		return nil
	case f.only(ByTime):
		return fmt.Errorf("hold: by time takes no names in test; write {by: time, last: 20%%}")
	case f.only(ByBoot):
		return fmt.Errorf("hold: by boot takes no names in test; write {by: boot, part: 20%%}")
	case len(f.by) > 1 || h.By == "":
		return fmt.Errorf("hold: it is not clear whether the names in test are hosts or samples; write {hosts: […], samples: […]}")
	case len(h.Hosts) > 0 || len(h.Samples) > 0:
		return fmt.Errorf("hold: the names are in test and in %ss; write them in one place", f.by[0])
	}
	return nil
}

// check checks that each aspect has the values that it needs.
func (h held) check(boots step.Fraction) error {
	if h.has(ByHost) && len(h.hosts) == 0 && h.part == 0 {
		return fmt.Errorf("hold: by host needs the hosts, such as {by: host, test: [lab-d4]}, or a part of them, such as " +
			"{by: host, part: 25%%}")
	}
	if h.has(BySample) && len(h.samples) == 0 && h.part == 0 && h.perProfile < 1 {
		return fmt.Errorf("hold: per_profile is %d; hold out at least 1 sample of each profile, or name them in test",
			h.perProfile)
	}
	if h.only(BySample) && (boots <= 0 || boots >= 1) {
		return fmt.Errorf("boots: %s leaves no boot to test on or none to train on; about 30%% is good", percent(boots))
	}
	if h.has(ByTime) && h.last >= 1 {
		return fmt.Errorf("hold: last is %s; write the part of the episodes to test on, such as {by: time, last: 20%%}",
			percent(step.Fraction(h.last)))
	}
	if h.has(ByBoot) && h.part == 0 {
		return fmt.Errorf("hold: by boot needs a part of the boots, such as {by: boot, part: 20%%}")
	}
	if h.part > 0 && !h.choosesPart() {
		return fmt.Errorf("hold: part and names are both given for %s; leave one of them out", h)
	}
	return nil
}

// choosesPart reports whether part has an effect.
func (h held) choosesPart() bool {
	return h.has(ByHost) && len(h.hosts) == 0 || h.has(BySample) && len(h.samples) == 0 || h.has(ByBoot)
}
