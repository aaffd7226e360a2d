// Package results arranges evaluations as a table, models by views and splits, and says
// which is the best and where models fail. Call [Collect], then [Results.Cell],
// [Results.Best] and [Results.Gather]. Read this file first.
package results

import (
	"cmp"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"

	"assay/engine/step"
	"assay/steps/internal/evals"
	"assay/steps/kit/compare"
	"assay/steps/kit/measure"
	"assay/steps/kit/score"
)

// Results are all evaluations as a table: models down, views and splits across. Views and
// splits are in the order in which they came, models the best first.
type Results struct {
	Views  []string
	Models []string
	Splits []*Split
	Evals  []*Evaluation

	Comparison *compare.Comparison // nil if none is connected

	cells map[place]*Cell
}

// An Evaluation is one artifact of eval.
type Evaluation struct {
	*evals.Evaluation
	ID     string // anchor of its details in the page
	Node   string // "eval[hold=sample,view=oracle]"; "" if unknown
	Output string // "report"
	Digest string // of the artifact
}

// A Split is what was held out.
type Split struct {
	Name     string // as the recipe names it, "host-lab-d4"
	Held     string // "host lab-d4"
	Untested []string
	First    *Evaluation
}

// A place is where a cell is in the table.
type place struct{ model, view, split string }

// A Cell is a model of a view on a split, or its mean over all splits: one evaluation
// for each seed.
type Cell struct {
	Evals     []*Evaluation
	Value     float64 // macro F1, mean over the seeds; NaN where it is not defined
	Low, High float64 // its interval; NaN if there is none
	SD        float64 // over the seeds; NaN of fewer than two
	Best      bool    // of its view and split, if there are several models
	Level     bool    // the comparison cannot tell it apart from the best
}

// OverAll is the split of the mean over all splits.
const OverAll = compare.AllSplits

// Collect reads evaluations and arranges them.
func Collect(inputs []step.Input, comparison fs.FS) (*Results, error) {
	list, err := evals.Read(inputs)
	if err != nil {
		return nil, err
	}
	r := &Results{cells: map[place]*Cell{}}
	for i, e := range list {
		r.add(newEvaluation(i, e, inputs[i]))
	}
	if comparison != nil {
		if r.Comparison, err = compare.Read(comparison); err != nil {
			return nil, fmt.Errorf("comparison: %w", err)
		}
	}
	for at, c := range r.cells {
		r.estimate(at, c)
	}
	r.average()
	slices.SortStableFunc(r.Models, func(a, b string) int { return cmp.Compare(r.rank(b), r.rank(a)) })
	r.lead()
	return r, nil
}

func newEvaluation(i int, e *evals.Evaluation, in step.Input) *Evaluation {
	out := &Evaluation{Evaluation: e, ID: "e" + strconv.Itoa(i+1), Digest: in.Digest}
	out.Node, out.Output = NodeOf(in)
	return out
}

func (r *Results) add(e *Evaluation) {
	r.Evals = append(r.Evals, e)
	r.Views, r.Models = AppendNew(r.Views, e.View), AppendNew(r.Models, e.Model)
	if r.Split(e.Place) == nil {
		r.Splits = append(r.Splits, &Split{Name: e.Place, Held: e.Held, Untested: e.Untested, First: e})
	}
	at := place{e.Model, e.View, e.Place}
	if r.cells[at] == nil {
		r.cells[at] = &Cell{}
	}
	r.cells[at].Evals = append(r.cells[at].Evals, e)
}

func (r *Results) Split(name string) *Split {
	for _, s := range r.Splits {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// estimate sets the value of a cell and its interval. Seeds are not more data, so only a
// comparison, which averages them within each resample, gives several an interval.
func (r *Results) estimate(at place, c *Cell) {
	var values []float64
	for _, e := range c.Evals {
		values = append(values, e.Value(measure.Primary))
	}
	c.Value, c.SD = compare.Mean(values), compare.Deviation(values)
	c.Low, c.High = math.NaN(), math.NaN()
	if len(c.Evals) == 1 {
		found, _ := score.Find(c.Evals[0].Measures, measure.Primary)
		c.Low, c.High = found.Interval()
	} else if s := r.compared(at); s != nil {
		c.Low, c.High = float64(s.Low), float64(s.High)
	}
}

// average adds the means over all splits, of models that were scored on each.
func (r *Results) average() {
	for _, m := range r.Models {
		for _, v := range r.Views {
			var values []float64
			for _, s := range r.Splits {
				if c := r.Cell(m, v, s.Name); c != nil {
					values = append(values, c.Value)
				}
			}
			if len(values) < len(r.Splits) || len(values) < 2 {
				continue
			}
			c := &Cell{Value: compare.Mean(values), Low: math.NaN(), High: math.NaN(), SD: math.NaN()}
			if s := r.compared(place{m, v, OverAll}); s != nil {
				c.Low, c.High = float64(s.Low), float64(s.High)
			}
			r.cells[place{m, v, OverAll}] = c
		}
	}
}

// compared returns what the comparison says of a place; nil if it says nothing.
func (r *Results) compared(at place) *compare.Score {
	if r.Comparison == nil || r.Comparison.Measure != measure.Primary {
		return nil
	}
	return r.Comparison.Score(compare.Model{Model: at.model, View: at.view}, at.split)
}

// Cell returns a cell; nil if there is none.
func (r *Results) Cell(model, view, split string) *Cell { return r.cells[place{model, view, split}] }

// Whole returns the name of the split that sums up: the mean, or the only one.
func (r *Results) Whole() string {
	if len(r.Splits) == 1 {
		return r.Splits[0].Name
	}
	return OverAll
}

// rank returns what models are sorted by: the mean of all their scores.
func (r *Results) rank(model string) float64 {
	var values []float64
	for _, v := range r.Views {
		for _, s := range r.Splits {
			if c := r.Cell(model, v, s.Name); c != nil && !math.IsNaN(c.Value) {
				values = append(values, c.Value)
			}
		}
	}
	if len(values) == 0 {
		return math.Inf(-1)
	}
	return compare.Mean(values)
}

// Columns returns the splits with the mean over them, if there are several.
func (r *Results) Columns() []string {
	var list []string
	for _, s := range r.Splits {
		list = append(list, s.Name)
	}
	if len(list) > 1 {
		list = append(list, OverAll)
	}
	return list
}

// AppendNew appends a text that the list does not have.
func AppendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
