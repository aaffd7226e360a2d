package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"assay/engine/step"
	"assay/steps/kit/measure"
	"assay/steps/kit/score"
)

// results are all evaluations as a table: splits down, views across, and within a split
// its models. All are in the order in which they came.
type results struct {
	Views  []string
	Models []string
	Splits []*splitResult
}

// A splitResult is the evaluations of one split.
type splitResult struct {
	Name     string // as the recipe names it, "host-lab-d4"
	Held     string // what was held out, "host lab-d4"
	Untested []string
	Rows     []*modelRow
	first    *score.Metrics
}

// A modelRow is one model on one split; Cells stand in the order of the views,
// nil where there was no evaluation.
type modelRow struct {
	Model string
	Cells []*cell
}

// A cell is one evaluation.
type cell struct {
	*score.Metrics
	Labels step.Labels
}

// f1 returns the macro F1.
func (c *cell) f1() float64 { return c.Value(measure.Primary) }

// collect reads evaluations and arranges them.
func collect(evals []step.Input) (*results, error) {
	if len(evals) == 0 {
		return nil, errors.New("there is no evaluation; connect at least one to evals")
	}
	var cells []*cell
	r := &results{}
	for _, e := range evals {
		m, err := score.ReadMetrics(e.FS)
		if err != nil {
			return nil, fmt.Errorf("evaluation %s: %w", e.Labels, err)
		}
		cells = append(cells, &cell{m, e.Labels})
		r.Views = appendNew(r.Views, m.View)
		r.Models = appendNew(r.Models, m.Model)
	}
	for _, c := range cells {
		if err := r.place(c); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *results) place(c *cell) error {
	row := r.split(c).row(c.Model, len(r.Views))
	at := &row.Cells[slices.Index(r.Views, c.View)]
	if *at != nil {
		return fmt.Errorf("two evaluations, %s and %s, are of one model, view and split; connect only one, or tell "+
			"them apart by an axis of the matrix",
			(*at).Labels, c.Labels)
	}
	*at = c
	return nil
}

func (r *results) split(c *cell) *splitResult {
	name := splitName(c)
	for _, s := range r.Splits {
		if s.Name == name {
			return s
		}
	}
	s := &splitResult{Name: name, Held: held(c.Split), Untested: c.Untested, first: c.Metrics}
	r.Splits = append(r.Splits, s)
	return s
}

// cells returns the evaluations of a split, row by row.
func (s *splitResult) cells() []*cell {
	var list []*cell
	for _, m := range s.Rows {
		for _, c := range m.Cells {
			if c != nil {
				list = append(list, c)
			}
		}
	}
	return list
}

func (s *splitResult) row(model string, views int) *modelRow {
	for _, row := range s.Rows {
		if row.Model == model {
			return row
		}
	}
	row := &modelRow{Model: model, Cells: make([]*cell, views)}
	s.Rows = append(s.Rows, row)
	return row
}

// splitName returns the coordinates of an evaluation other than view and model. Axes
// that hold something out are named by their value alone.
func splitName(c *cell) string {
	var list []string
	for _, l := range c.Labels {
		switch {
		case l.Axis == "view" || l.Axis == "model":
		case l.Axis == "hold" || l.Axis == "split":
			list = append(list, l.Value)
		default:
			list = append(list, l.Axis+"="+l.Value)
		}
	}
	if len(list) == 0 {
		return held(c.Split)
	}
	return strings.Join(list, " ")
}

// held describes what a split holds out, "host lab-d4".
func held(s score.Split) string {
	const most = 12
	test := slices.Clone(s.Test[:min(most, len(s.Test))])
	for i, t := range test {
		if at, err := time.Parse(time.RFC3339Nano, t); s.By == "time" && err == nil {
			test[i] = "from " + at.UTC().Format("2006-01-02 15:04:05 UTC")
		}
	}
	text := s.By + " " + strings.Join(test, ", ")
	if more := len(s.Test) - len(test); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
