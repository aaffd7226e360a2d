// Package model holds what every family of models shares: which columns a view
// lets it see ([View]) and which windows it trains, stops and is tested on: [Load] for models
// of summaries, [LoadTensors] for models of tensors. The families themselves are the packages
// below it.
package model

import (
	"errors"
	"fmt"
	"io/fs"

	"assay/steps/kit/channel"
	"assay/steps/kit/table"
)

// Data are the windows of a split as one view shows them.
type Data struct {
	Windows  *table.Windows // all of them, with all features; without any for tensors
	Features []string       // the F features of the view; for tensors they are channels
	Classes  []string       // every phase, whether it occurs or not

	Train, Validation, Test Set

	Series *Series // of tensors: all windows; nil for summaries, whose sets have X
	Points int     // of a window; 1 for summaries
	Hz     float64 // points a second; 0 for summaries

	TornBoots string // what is wrong with the split's boots, see [table.Assignment.TornBoots]

	meaning string // of the features, see [Schema]
}

// Schema returns the columns and classes of a model of these windows.
func (d *Data) Schema() Schema {
	return Schema{Features: d.Features, Classes: d.Classes, Meaning: d.meaning}
}

// A Set is the windows of one part of a split, in the order of the table.
type Set struct {
	Part table.Part
	Rows []int     // N: their rows in the table
	X    []float32 // N×F row-major; NaN is missing; nil for tensors
	Y    []int32   // N: classes
}

// Counts returns the number of windows of each class.
func (s Set) Counts() []int {
	n := make([]int, channel.NumPhases)
	for _, y := range s.Y {
		n[y]++
	}
	return n
}

// Load reads the windows and the assignment of a split. It fails if they do not belong
// together, if the view shows no feature, or if the training or validation part is
// empty.
func Load(windows, split fs.FS, view View) (*Data, error) {
	w, err := table.ReadWindows(windows)
	if err != nil {
		return nil, err
	}
	a, err := table.ReadAssignment(split)
	if err != nil {
		return nil, err
	}
	d, err := Arrange(w, a, view)
	w.X = nil // the parts have what the view shows
	return d, err
}

// Arrange is [Load] for tables that are in memory.
func Arrange(w *table.Windows, a *table.Assignment, view View) (*Data, error) {
	if err := view.Check(); err != nil {
		return nil, err
	}
	d, err := divide(w, a)
	if err != nil {
		return nil, err
	}
	if len(w.Features) == 0 {
		return nil, errors.New("the windows table has no feature; a feature is a column of numbers named " +
			"<source>.<channel>.<statistic>, as in assay channels")
	}
	columns := view.sees(w.Features)
	if len(columns) == 0 {
		return nil, fmt.Errorf("the view %s shows none of the windows' %d features; use view oracle, or windows with "+
			"guest and netflow channels", view, len(w.Features))
	}
	d.Points, d.meaning = 1, w.SchemaHash
	for _, c := range columns {
		d.Features = append(d.Features, w.Features[c])
	}
	for _, s := range []*Set{&d.Train, &d.Validation, &d.Test} {
		s.X = take(w, s.Rows, columns)
	}
	return d, d.learnable(d.Train.X)
}

// take copies some rows and columns of the table.
func take(w *table.Windows, rows, columns []int) []float32 {
	out := make([]float32, 0, len(rows)*len(columns))
	for _, r := range rows {
		x := w.Row(r)
		for _, c := range columns {
			out = append(out, x[c])
		}
	}
	return out
}
