package scores

import (
	"context"
	"fmt"
	"math"
	"slices"

	"assay/steps/kit/compare"
	"assay/steps/kit/measure"
	"assay/steps/kit/score"
)

// A Table is the headline of evaluations: how good each model is on each split, by view.
type Table struct {
	Measure measure.Measure
	Views   []string
	Rows    []Row
	Splits  []string
}

// A Row is a model of a view.
type Row struct {
	Model, View string
	Cells       []*Cell // by split; nil where there is no evaluation
	Mean        *Cell   // of all splits; nil unless there are several and the model has all
}

// A Cell is a score with its interval, of one evaluation or of the mean of several seeds.
type Cell struct {
	Value, Low, High float64 // NaN where not defined
	Seeds            int
	Best             bool // of its column and view
}

// NewTable makes the table of a measure. Rows that no other sign tells apart are named by
// their steps, too.
func NewTable(ctx context.Context, list []*Evaluation, m measure.Measure) (*Table, error) {
	t := &Table{Measure: m}
	by := map[[3]string][]*Evaluation{} // by model, view and split
	names := namesOf(list)
	for i, e := range list {
		t.Splits = appendNew(t.Splits, e.Place)
		t.Views = appendNew(t.Views, e.View)
		at := [3]string{names[i], e.View, e.Place}
		by[at] = append(by[at], e)
		if !slices.ContainsFunc(t.Rows, func(r Row) bool { return r.Model == names[i] && r.View == e.View }) {
			t.Rows = append(t.Rows, Row{Model: names[i], View: e.View})
		}
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		for _, split := range t.Splits {
			c, err := newCell(ctx, by[[3]string{r.Model, r.View, split}], m.Name)
			if err != nil {
				return nil, err
			}
			r.Cells = append(r.Cells, c)
		}
		r.Mean = meanOf(r.Cells)
	}
	t.mark()
	return t, nil
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// namesOf names the model of each evaluation. A model that several steps evaluate has the
// step in its name.
func namesOf(list []*Evaluation) []string {
	steps := map[string][]string{}
	for _, e := range list {
		steps[e.Model] = appendNew(steps[e.Model], e.Step)
	}
	var names []string
	for _, e := range list {
		name := e.Model
		if len(steps[e.Model]) > 1 {
			name = fmt.Sprintf("%s (%s)", e.Model, e.Step)
		}
		names = append(names, name)
	}
	return names
}

// newCell returns the score of an evaluation as it was written, or the mean of several
// seeds on the same resamples; nil of none.
func newCell(ctx context.Context, list []*Evaluation, measure string) (*Cell, error) {
	switch len(list) {
	case 0:
		return nil, nil
	case 1:
		e, _ := score.Find(list[0].Measures, measure)
		low, high := e.Interval()
		return &Cell{Value: float64(e.Value), Low: low, High: high, Seeds: 1}, nil
	}
	var entries []compare.Entry
	for _, e := range list {
		entry, err := e.Entry()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Artifact, err)
		}
		entry.Model, entry.Split, entry.Seed = "", "", e.Artifact
		entries = append(entries, entry)
	}
	boot := score.Bootstrap{Unit: score.ByEpisode, Resamples: 10_000, Level: Level(list), Seed: 1}
	c, err := compare.Compare(ctx, compare.Options{Bootstrap: boot, Measure: measure}, entries)
	if err != nil {
		return nil, fmt.Errorf("%s and its seeds: %w", list[0].Artifact, err)
	}
	s := c.Scores[0]
	return &Cell{Value: float64(s.Mean), Low: float64(s.Low), High: float64(s.High), Seeds: len(list)}, nil
}

// meanOf returns the mean of the cells of a row; nil if one is not there, or fewer than
// two are. It has no interval.
func meanOf(cells []*Cell) *Cell {
	if len(cells) < 2 || slices.Contains(cells, nil) {
		return nil
	}
	sum := 0.0
	for _, c := range cells {
		sum += c.Value
	}
	nan := math.NaN()
	return &Cell{Value: sum / float64(len(cells)), Low: nan, High: nan}
}

// mark marks the best cell of every column of a view that has several. Cells that are
// equal as shown are all marked.
func (t *Table) mark() {
	for _, view := range t.Views {
		for i := range len(t.Splits) + 1 {
			var column []*Cell
			for _, r := range t.Rows {
				if r.View == view {
					column = append(column, append(slices.Clone(r.Cells), r.Mean)[i])
				}
			}
			t.markBest(column)
		}
	}
}

func (t *Table) markBest(column []*Cell) {
	column = slices.DeleteFunc(column, func(c *Cell) bool { return c == nil || math.IsNaN(c.Value) })
	if len(column) < 2 {
		return
	}
	best := column[0].Value
	for _, c := range column {
		if (c.Value > best) != t.Measure.Lower && c.Value != best {
			best = c.Value
		}
	}
	for _, c := range column {
		c.Best = math.Abs(c.Value-best) < 0.0005
	}
}

// Level returns the confidence of the intervals of evaluations: the one that all have, if
// it makes sense, else 0.95.
func Level(list []*Evaluation) float64 {
	const usual = 0.95
	if len(list) == 0 {
		return usual
	}
	level := list[0].Bootstrap.Level
	other := func(e *Evaluation) bool { return e.Bootstrap.Level != level }
	if !(level > 0 && level < 1) || slices.ContainsFunc(list, other) {
		return usual
	}
	return level
}
