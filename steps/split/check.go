package split

import (
	"fmt"
	"slices"
	"strings"

	"assay/steps/internal/dataset"
)

// check asserts what must hold of every split, from the finished table. A
// failure of noLeak is a mistake in this package; the others can come of data.
func check(a *dataset.Assignment, d *data, p Params) error {
	by := p.Hold.By
	for _, part := range []dataset.Part{dataset.Test, dataset.Train} {
		if a.Info.Episodes[part] == 0 {
			return errNothing(part, by)
		}
	}
	if err := stratified(a, by); err != nil {
		return err
	}
	return noLeak(a, d.eps, by)
}

// stratified asserts that whatever is tested was trained on.
func stratified(a *dataset.Assignment, by string) error {
	var lost []string
	for profile := range a.Info.Profiles[dataset.Test] {
		if a.Info.Profiles[dataset.Train][profile] == 0 {
			lost = append(lost, profile)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	slices.Sort(lost)
	remedy := map[string]string{
		ByHost:   "hold out other hosts, so that some host with these profiles is left to train on",
		BySample: "hold out fewer samples of these profiles, or a smaller part of the boots",
		ByTime:   "hold out a smaller part, so that these profiles occur before the cut",
	}[by]
	return fmt.Errorf("the test part has episodes of %s, but the training part has none: %s", strings.Join(lost, ", "), remedy)
}

// noLeak asserts that the parts share no episode, no boot, by sample no sample
// and no content, and that by time all training was over when testing began.
// eps are the episodes of the rows.
func noLeak(a *dataset.Assignment, eps []dataset.Episode, by string) error {
	if len(a.Rows) != len(eps) {
		return fmt.Errorf("the split has %d rows for %d usable episodes", len(a.Rows), len(eps))
	}
	boots, names, contents := owners{}, owners{}, owners{}
	var lastTrain, firstTest int64
	for i, r := range a.Rows {
		if r.Key != eps[i].Key || i > 0 && r.Key == a.Rows[i-1].Key {
			return fmt.Errorf("episode %s of host %s is in the split twice, or out of order", r.Episode, r.Host)
		}
		if r.Part == dataset.Excluded {
			continue
		}
		if err := boots.claim("boot", r.Boot, r.Part); err != nil {
			return err
		}
		if r.Part == dataset.Test {
			if s := eps[i].StartNs; firstTest == 0 || s < firstTest {
				firstTest = s
			}
		} else {
			lastTrain = max(lastTrain, eps[i].StartNs)
		}
		if by != BySample {
			continue
		}
		if err := names.claim("sample", r.Profile+"/"+r.Sample, side(r.Part)); err != nil {
			return err
		}
		if err := contents.claim("sample content", eps[i].SampleSHA, side(r.Part)); err != nil {
			return err
		}
	}
	if by == ByTime && lastTrain >= firstTest {
		return fmt.Errorf("the last training episode starts at %d, not before the first test episode at %d", lastTrain, firstTest)
	}
	return nil
}

// side takes validation for training: only testing must not know its samples.
func side(p dataset.Part) dataset.Part {
	if p == dataset.Validation {
		return dataset.Train
	}
	return p
}

// owners remembers which part has a thing that no two may have.
type owners map[string]dataset.Part

func (o owners) claim(what, name string, part dataset.Part) error {
	if name == "" {
		return nil
	}
	if had, ok := o[name]; ok && had != part {
		return fmt.Errorf("the %s %s is both in the %s and in the %s part", what, name, had, part)
	}
	o[name] = part
	return nil
}
