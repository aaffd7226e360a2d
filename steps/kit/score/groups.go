package score

import (
	"cmp"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/measure"
	"assay/steps/kit/table"
)

// groupResamples bounds the resamples of each group: there can be many groups.
const groupResamples = 1000

// A grouping sorts windows by something they have in common. A window without a name is
// in no group.
type grouping struct {
	by   string
	name func(i int) string // of window i
}

// groups scores the windows of each profile, host, sample and phase by themselves, by
// grouping and then by name.
func (e estimator) groups(rows []table.Prediction, samples []string, s *measure.Sample) ([]Group, error) {
	e.Resamples = min(e.Resamples, groupResamples)
	list := []Group{}
	for _, g := range []grouping{
		{"profile", func(i int) string { return rows[i].Profile }},
		{"host", func(i int) string { return rows[i].Host }},
		{"sample", func(i int) string { return samples[s.Unit[i]] }},
		{"phase", func(i int) string { return channel.PhaseName(int(rows[i].Phase)) }},
	} {
		some, err := e.group(g, s)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

func (e estimator) group(g grouping, s *measure.Sample) ([]Group, error) {
	windows := map[string][]int{}
	for i := range s.Len() {
		if name := g.name(i); name != "" {
			windows[name] = append(windows[name], i)
		}
	}
	var list []Group
	for name, at := range windows {
		part := pick(s, at)
		estimates, err := e.estimate(part, quantitiesOf(g.by))
		if err != nil {
			return nil, err
		}
		list = append(list, Group{
			By: g.by, Name: name, Windows: len(at), Episodes: part.Units(), Measures: estimates,
		})
	}
	slices.SortFunc(list, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

// quantitiesOf returns what is said of a group. Windows of one phase have one true class,
// so a mean over classes says nothing of them.
func quantitiesOf(by string) []quantity {
	var list []quantity
	for _, m := range measure.All() {
		if m.Name == "accuracy" || m.Name == "log_loss" || m.Name == measure.Primary && by != "phase" {
			list = append(list, quantityOf(m))
		}
	}
	return list
}

// pick returns some windows of a sample, in their order, with units counted from 0.
func pick(s *measure.Sample, windows []int) *measure.Sample {
	k := s.Classes
	part := &measure.Sample{Classes: k}
	unit := int32(-1)
	for n, i := range windows {
		if n == 0 || s.Unit[i] != s.Unit[windows[n-1]] {
			unit++
		}
		part.Truth, part.Predicted = append(part.Truth, s.Truth[i]), append(part.Predicted, s.Predicted[i])
		part.P, part.Unit = append(part.P, s.P[i*k:(i+1)*k]...), append(part.Unit, unit)
	}
	return part
}
