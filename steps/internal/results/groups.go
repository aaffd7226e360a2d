package results

import (
	"cmp"
	"math"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/measure"
	"assay/steps/kit/plain"
	"assay/steps/kit/score"
)

// A Grouping is a way to look at where models fail.
type Grouping struct {
	By     string // "profile"
	Title  string
	values func(*Evaluation) []groupValue
}

// A groupValue is the score of the windows of one group.
type groupValue struct {
	name              string
	windows, episodes int
	value             float64
}

// Groupings returns all groupings: by phase, profile and host.
func Groupings() []Grouping {
	return []Grouping{
		{"phase", "F1 of each phase", classValues},
		{"profile", "Macro F1 of each profile", groupValues("profile")},
		{"host", "Macro F1 of each host", groupValues("host")},
	}
}

// Show returns a group's name for people.
func (k Grouping) Show(group string) string {
	if k.By == "phase" {
		return plain.Phase(group)
	}
	return plain.Name(group)
}

func classValues(e *Evaluation) []groupValue {
	var list []groupValue
	for _, c := range e.Classes {
		if c.Support > 0 {
			list = append(list, groupValue{c.Class, c.Support, c.Episodes, Value(c.Measures, "f1")})
		}
	}
	return list
}

func groupValues(by string) func(*Evaluation) []groupValue {
	return func(e *Evaluation) []groupValue {
		var list []groupValue
		for _, g := range e.Groups {
			if g.By == by {
				list = append(list, groupValue{g.Name, g.Windows, g.Episodes, Value(g.Measures, measure.Primary)})
			}
		}
		return list
	}
}

// Value returns the value of a measure; NaN if there is none of the name.
func Value(list []score.Estimate, name string) float64 {
	e, _ := score.Find(list, name)
	return float64(e.Value)
}

// A GroupTable is the scores of groups by model and view: means over the splits, weighed
// by windows.
type GroupTable struct {
	Names             []string
	Windows, Episodes map[string]int // by group, of each split once
	values            map[groupAt]*weighed
}

// A groupAt is a group as a model of a view sees it.
type groupAt struct{ model, view, group string }

// A weighed is a mean that is weighed by windows.
type weighed struct{ sum, weight float64 }

// Gather sums up the groups of a grouping over all evaluations.
func (r *Results) Gather(k Grouping) *GroupTable {
	t := &GroupTable{Windows: map[string]int{}, Episodes: map[string]int{}, values: map[groupAt]*weighed{}}
	for _, e := range r.Evals {
		for _, g := range k.values(e) {
			if r.Split(e.Place).First == e {
				t.Names = AppendNew(t.Names, g.name)
				t.Windows[g.name] += g.windows
				t.Episodes[g.name] += g.episodes
			}
			if !math.IsNaN(g.value) && g.windows > 0 {
				t.add(groupAt{e.Model, e.View, g.name}, g)
			}
		}
	}
	slices.SortStableFunc(t.Names, func(a, b string) int {
		return cmp.Or(cmp.Compare(channel.PhaseIndex(a), channel.PhaseIndex(b)), cmp.Compare(a, b))
	})
	return t
}

func (t *GroupTable) add(at groupAt, g groupValue) {
	w := t.values[at]
	if w == nil {
		w = &weighed{}
		t.values[at] = w
	}
	w.sum += float64(g.value * float64(g.windows))
	w.weight += float64(g.windows)
}

// Of returns a score; NaN if there is none.
func (t *GroupTable) Of(model, view, group string) float64 {
	w := t.values[groupAt{model, view, group}]
	if w == nil {
		return math.NaN()
	}
	return w.sum / w.weight
}
