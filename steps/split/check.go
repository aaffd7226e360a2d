package split

import (
	"fmt"
	"strings"

	"assay/steps/kit/table"
)

// check asserts what must hold for every split, on the finished table. A failure of
// noLeak is a bug in this package; the others can come from data.
func check(a *table.Assignment, d *data, p Params) error {
	h := p.Hold.form()
	for _, part := range []table.Part{table.Test, table.Train} {
		if a.Info.Episodes[part] == 0 {
			return fmt.Errorf("the %s part is empty; %s", part, remedyEmpty(h, part))
		}
	}
	if err := stratified(a, h); err != nil {
		return err
	}
	return noLeak(a, d.eps, h)
}

// remedyEmpty says how to fill a part that is empty.
func remedyEmpty(h held, part table.Part) string {
	if len(h.by) > 1 && part == table.Test {
		return fmt.Sprintf("no usable episode is held out by %s at once: name others, hold out a larger part, or "+
			"hold out by fewer", strings.Join(h.by, " and "))
	}
	if len(h.by) > 1 {
		return "hold out less, or by fewer at once"
	}
	switch h.by[0] {
	case ByHost:
		return "name fewer hosts, or others"
	case BySample:
		return "name other samples, or change boots"
	case ByTime:
		return "change last"
	default:
		return "change part"
	}
}

// stratified asserts that every tested profile was trained on.
func stratified(a *table.Assignment, h held) error {
	lost := a.Info.ProfilesOnlyIn(table.Test, table.Train)
	if len(lost) == 0 {
		return nil
	}
	remedy := "hold out less, or by fewer at once, so that these profiles are trained on too"
	switch {
	case h.only(ByHost):
		remedy = "hold out other hosts, so that some host with these profiles is left to train on"
	case h.only(BySample):
		remedy = "hold out fewer samples of these profiles, or a smaller part of the boots"
	case h.only(ByTime):
		remedy = "hold out a smaller part, so that these profiles occur before the cut"
	}
	return fmt.Errorf("the test part has episodes of %s, but the training part has none: %s", named(lost), remedy)
}

// noLeak asserts that the parts share no episode, no boot, by host no host, by
// sample no sample and no content, and that by time all training was over when
// testing began. eps are the episodes of the rows.
func noLeak(a *table.Assignment, eps []table.Episode, h held) error {
	if len(a.Rows) != len(eps) {
		return fmt.Errorf("the split has %d rows for %d usable episodes", len(a.Rows), len(eps))
	}
	boots, hosts, names, contents := owners{}, owners{}, owners{}, owners{}
	var lastTrain, firstTest int64
	for i, r := range a.Rows {
		if r.Key != eps[i].Key || i > 0 && r.Key == a.Rows[i-1].Key {
			return fmt.Errorf("episode %s of host %s is in the split twice, or out of order", r.Episode, r.Host)
		}
		if r.Part == table.Excluded {
			continue
		}
		if err := boots.claim("boot", r.Boot, r.Part); err != nil {
			return err
		}
		if r.Part == table.Test {
			if s := eps[i].StartNs; firstTest == 0 || s < firstTest {
				firstTest = s
			}
		} else {
			lastTrain = max(lastTrain, eps[i].StartNs)
		}
		if h.has(ByHost) {
			if err := hosts.claim("host", r.Host, side(r.Part)); err != nil {
				return err
			}
		}
		if !h.has(BySample) {
			continue
		}
		if err := names.claim("sample", r.Profile+"/"+r.Sample, side(r.Part)); err != nil {
			return err
		}
		if err := contents.claim("sample content", eps[i].SampleSHA, side(r.Part)); err != nil {
			return err
		}
	}
	if h.has(ByTime) && lastTrain >= firstTest {
		return fmt.Errorf("the last training episode starts at %d, not before the first test episode at %d", lastTrain,
			firstTest)
	}
	return nil
}

// side treats validation as training: only testing must not share its samples.
func side(p table.Part) table.Part {
	if p == table.Validation {
		return table.Train
	}
	return p
}

// owners remembers which part has a thing that no two parts may share.
type owners map[string]table.Part

func (o owners) claim(what, name string, part table.Part) error {
	if name == "" {
		return nil
	}
	if had, ok := o[name]; ok && had != part {
		return fmt.Errorf("the %s %s is both in the %s and in the %s part", what, name, had, part)
	}
	o[name] = part
	return nil
}
