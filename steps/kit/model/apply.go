package model

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"assay/steps/kit/channel"
	"assay/steps/kit/table"
)

// Apply is [Load] for a model of summaries that was trained before: the data have its
// features, in its order, of the windows of the validation and test part. The training part
// has no inputs.
//
// It fails if the windows lack a feature of the model or have another meaning, if the model
// has other classes, if the view is not the model's, and if there is no window to predict.
// Columns that the model does not read do not matter. Where the model or the table does not
// say what its columns mean, their names decide.
func Apply(windows, split fs.FS, view View, m Schema) (*Data, error) {
	w, err := table.ReadWindows(windows)
	if err != nil {
		return nil, err
	}
	a, err := table.ReadAssignment(split)
	if err != nil {
		return nil, err
	}
	return apply(w, a, view, m)
}

// apply is [Apply] for tables that are in memory.
func apply(w *table.Windows, a *table.Assignment, view View, m Schema) (*Data, error) {
	d, err := unseen(w, a)
	if err != nil {
		return nil, err
	}
	return d, d.reads(view, m)
}

// reads takes what a model reads of the windows of the validation and test part.
func (d *Data) reads(view View, m Schema) error {
	w := d.Windows
	columns, err := m.find(w.Features)
	if err != nil {
		return err
	}
	whole := Schema{Features: w.Features, Meaning: w.SchemaHash}
	if err := errors.Join(view.of(m.Features, w.Features), m.applies(whole)); err != nil {
		return err
	}
	d.Points, d.meaning, d.Features = 1, w.SchemaHash, m.Features
	for _, s := range []*Set{&d.Validation, &d.Test} {
		s.X = take(w, s.Rows, columns)
	}
	return nil
}

// ApplyAll is [Apply] without a split: all windows are of the test part.
func ApplyAll(windows fs.FS, view View, m Schema) (*Data, error) {
	w, err := table.ReadWindows(windows)
	if err != nil {
		return nil, err
	}
	if w.Len() == 0 {
		return nil, errors.New("the windows table has no rows")
	}
	d := &Data{Windows: w, Classes: channel.Phases(), Test: Set{Part: table.Test, Y: w.Phase}}
	for i := range w.Len() {
		d.Test.Rows = append(d.Test.Rows, i)
	}
	return d, d.reads(view, m)
}

// ApplyTensors is [Apply] for a model of tensors. It reads the episodes of the validation
// and test part, as [LoadTensors] does. The grid is that of the windows, with context if the model
// reads it; it fails if the model was trained on another one.
func ApplyTensors(ctx context.Context, episodes, windows, split fs.FS, view View, m About, g Grid,
	workers int) (*Data, error) {
	g.Context = m.Context()
	w, err := table.ReadTruth(windows)
	if err != nil {
		return nil, err
	}
	a, err := table.ReadAssignment(split)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(view.of(m.Features, channelNames()), g.made(w), g.fits(m)); err != nil {
		return nil, err
	}
	d, err := unseen(w, a)
	if err != nil {
		return nil, err
	}
	d.Train = Set{Part: table.Train}
	d.Points, d.Hz, d.meaning = m.Points, g.Hz, g.schema(g.Hz, g.Context).Hash()
	l := &tensorLoader{data: d, grid: g}
	l.choose(view)
	if err := m.Match(d.Schema()); err != nil {
		return nil, err
	}
	l.find()
	return d, l.read(ctx, episodes, workers)
}

// fits returns an error if a model was trained on windows of another number of points.
func (g Grid) fits(m About) error {
	points, err := g.Points()
	if err == nil && points != m.Points {
		err = fmt.Errorf("the model reads windows of %d points, %v a second, and a window of %v s has %d; give this step "+
			"the window of the step that made the model's windows", m.Points, m.Hz, g.Window, points)
	}
	return err
}

// unseen returns the windows of each part of a split; there must be some to predict.
func unseen(w *table.Windows, a *table.Assignment) (*Data, error) {
	d, err := byPart(w, a)
	if err == nil && len(d.Validation.Y)+len(d.Test.Y) == 0 {
		err = errors.New("no window is in the part validation or test of the split, so there is nothing to predict; " +
			"hold out some episodes")
	}
	return d, err
}
