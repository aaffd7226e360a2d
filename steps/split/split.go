// Package split is the kind "split": it divides the usable episodes of a validation
// index into training, validation and test parts that share nothing they should not.
//
// Call [Kind]. Read [Hold] first: it says what can be held out. check.go has the rules
// that hold for every split; it looks at the finished split and refuses it rather than
// let a leak through. What a split may share because it was not asked to hold it out is
// counted in leaks.go and near.go, written to split.json, and warned of.
package split

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"assay/engine/step"
	"assay/steps/kit/table"
)

// In is what the kind reads.
type In struct {
	Index   fs.FS `doc:"the validation index"`
	Vectors fs.FS `step:"optional" doc:"the whole-episode vectors that features makes; with them, near-duplicates in two parts are reported"`
}

// Out is what the kind writes.
type Out struct {
	Assignment *os.Root `doc:"assignment.parquet, split.json, counts.csv"`
}

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("split", "3", "Divide episodes into train, validation and test by what is held out",
		Params{
			Hold:         Hold{PerProfile: 1},
			Validation:   0.15,
			ValidationBy: ValidationBoot,
			Boots:        0.3,
		}, run)
}

// run reads the tables, splits, and passes on the warnings of both.
func run(ctx context.Context, p Params, in In, out Out) error {
	index, err := table.ReadIndex(in.Index)
	if err != nil {
		return err
	}
	var vectors *table.Vectors
	if in.Vectors != nil {
		if vectors, err = table.ReadVectors(in.Vectors); err != nil {
			return err
		}
	}
	a, warnings, err := Split(index, vectors, p)
	if err != nil {
		return err
	}
	r := step.Report(ctx)
	if vectors != nil {
		for _, remark := range vectors.Remarks {
			r.Warnf("vectors: %s", remark)
		}
	}
	for _, w := range warnings {
		r.Warnf("%s", w)
	}
	for _, part := range table.Parts() {
		r.Count(string(part), a.Info.Episodes[part])
	}
	return write(out.Assignment, a, index)
}

// Split assigns the usable episodes of an index, in any order, to parts. It also returns
// warnings for people. vectors are those of the episodes, for finding near-duplicates;
// nil if there are none.
func Split(index []table.Episode, vectors *table.Vectors, p Params) (*table.Assignment, []string, error) {
	if err := p.Check(); err != nil {
		return nil, nil, err
	}
	d := newData(index, p.statuses())
	if len(d.eps) == 0 {
		return nil, nil, fmt.Errorf("none of the %d episodes of the index has a status among %v: there is nothing to split", len(index), p.statuses())
	}
	h := p.Hold.form()
	if err := d.checkBoots(h); err != nil {
		return nil, nil, err
	}
	plan, err := d.hold(h, float64(p.Boots), p.Seed)
	if err != nil {
		return nil, nil, err
	}
	warnings := d.unknowns()
	ok, err := plan.validate(d, p)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		warnings = append(warnings, "the validation part is empty: no boot can be spared from training")
	}
	a := plan.assignment(d, h)
	if err := check(a, d, p); err != nil {
		return nil, nil, err
	}
	a.Info.Leaks = d.leaks(a.Rows, vectors)
	return a, append(warnings, warn(&a.Info)...), nil
}

// A plan is the part of each episode while the split is being made.
type plan struct {
	part []table.Part // "": left for training and validation
	why  []string

	held       []table.HeldOut // what is held out
	validation []table.HeldOut // what validation holds out of the rest
}

func (d *data) newPlan() *plan {
	return &plan{part: make([]table.Part, len(d.eps)), why: make([]string, len(d.eps))}
}

func (p *plan) exclude(ep int, why string) { p.part[ep], p.why[ep] = table.Excluded, why }

// assignment turns the plan into the table and its summary.
func (p *plan) assignment(d *data, h held) *table.Assignment {
	a := &table.Assignment{Rows: make([]table.AssignmentRow, len(d.eps))}
	for i, e := range d.eps {
		if p.part[i] == "" {
			p.part[i] = table.Train
		}
		a.Rows[i] = table.AssignmentRow{
			Key: e.Key, Part: p.part[i], Why: p.why[i], Boot: d.bootNames[d.boot[i]], Profile: e.Profile,
			Sample: e.SampleName,
		}
	}
	a.Info = table.CountParts(a.Rows)
	a.Info.By, a.Info.Held = h.String(), p.held
	if a.Info.Validation = p.validation; p.validation == nil {
		a.Info.Validation = []table.HeldOut{}
	}
	for _, held := range p.held {
		a.Info.Test = append(a.Info.Test, held.Names...)
	}
	return a
}
