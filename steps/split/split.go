// Package split is the kind "split": it divides the usable episodes of a
// validation index into training, validation and test parts that share nothing
// they should not.
//
// Call [Kind]. Read [Hold] first: it says what can be held out. What holds of
// every split is in check.go, which looks at the finished one and refuses it
// rather than let a leak through.
package split

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"assay/engine/step"
	"assay/steps/internal/dataset"
)

// In is what the kind reads.
type In struct {
	Index fs.FS `doc:"the validation index"`
}

// Out is what the kind writes.
type Out struct {
	Assignment *os.Root `doc:"assignment.parquet, split.json, counts.csv"`
}

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("split", "1", "Divide episodes into train, validation and test by what is held out",
		Params{
			Hold:       Hold{Last: 0.2, PerProfile: 1},
			Validation: 0.15,
			Boots:      0.3,
		}, run)
}

func run(ctx context.Context, p Params, in In, out Out) error {
	index, err := dataset.ReadIndex(in.Index)
	if err != nil {
		return err
	}
	a, warnings, err := Split(index, p)
	if err != nil {
		return err
	}
	r := step.Report(ctx)
	for _, w := range warnings {
		r.Warnf("%s", w)
	}
	for _, part := range parts() {
		r.Count(string(part), a.Info.Episodes[part])
	}
	return write(out.Assignment, a)
}

// parts are the parts in the order in which people read them.
func parts() []dataset.Part {
	return []dataset.Part{dataset.Train, dataset.Validation, dataset.Test, dataset.Excluded}
}

// Split assigns the usable episodes of an index, in any order, to parts. It
// also returns what a person should know of the result.
func Split(index []dataset.Episode, p Params) (*dataset.Assignment, []string, error) {
	if err := p.Check(); err != nil {
		return nil, nil, err
	}
	d := newData(index, p.statuses())
	if len(d.eps) == 0 {
		return nil, nil, fmt.Errorf("none of the %d episodes of the index has a status among %v: there is nothing to split", len(index), p.statuses())
	}
	plan, err := d.hold(p)
	if err != nil {
		return nil, nil, err
	}
	var warnings []string
	if !plan.validate(d, p) {
		warnings = append(warnings, "the validation part is empty: no boot can be spared from training")
	}
	a := plan.assignment(d, p.Hold.By)
	if err := check(a, d, p); err != nil {
		return nil, nil, err
	}
	if u := a.Info.UntestedProfiles; len(u) > 0 {
		warnings = append(warnings, fmt.Sprintf("no episode of %s is in the test part: scores say nothing of it", strings.Join(u, ", ")))
	}
	return a, warnings, nil
}

// hold chooses the test part.
func (d *data) hold(p Params) (*plan, error) {
	switch p.Hold.By {
	case ByHost:
		return d.holdHosts(p.Hold.Test)
	case BySample:
		return d.holdSamples(p)
	default:
		return d.holdLast(float64(p.Hold.Last))
	}
}

// A plan is the part of each episode of a data, while it is being made.
type plan struct {
	part []dataset.Part // "" is what is left for training and validation
	why  []string
	test []string // what is held out, for people
}

func (d *data) newPlan() *plan {
	return &plan{part: make([]dataset.Part, len(d.eps)), why: make([]string, len(d.eps))}
}

func (p *plan) exclude(ep int, why string) { p.part[ep], p.why[ep] = dataset.Excluded, why }

// assignment turns the plan into the table and its summary.
func (p *plan) assignment(d *data, by string) *dataset.Assignment {
	a := &dataset.Assignment{Rows: make([]dataset.AssignmentRow, len(d.eps))}
	for i, e := range d.eps {
		if p.part[i] == "" {
			p.part[i] = dataset.Train
		}
		a.Rows[i] = dataset.AssignmentRow{
			Key: e.Key, Part: p.part[i], Why: p.why[i], Boot: d.bootNames[d.boot[i]], Profile: e.Profile, Sample: e.SampleName,
		}
	}
	a.Info = summary(a.Rows)
	a.Info.By, a.Info.Test = by, slices.Sorted(slices.Values(p.test))
	return a
}
