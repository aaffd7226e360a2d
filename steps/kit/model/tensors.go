package model

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"assay/steps/kit/channel"
	"assay/steps/kit/signal"
	"assay/steps/kit/table"
)

// A Grid says how tensors are made of episodes. Window, stride and cures are those of the step
// that made the windows table.
type Grid struct {
	Window, Stride float64 // seconds
	Hz             float64 // points a second
	Cures          channel.Cures
	Context        bool // channels have causal context
}

// tensorContexts are the kinds of context that channels have. A change is none of them: a window
// of points shows it.
func tensorContexts() []string { return channel.Contexts()[1:] }

// schema returns what tensors mean, or with no hz what the summaries of the same windows do.
func (g Grid) schema(hz float64, context bool) channel.Schema {
	s := channel.Schema{Window: g.Window, Hz: hz, Cures: g.Cures}
	if context {
		s.Context = g.Stride
	}
	return s
}

// columns returns the names of the columns of tensors, in order.
func (g Grid) columns() []string {
	if g.Context {
		return channel.InContext(channelNames(), tensorContexts()...)
	}
	return channelNames()
}

// Points returns how many points a window has. It fails if that is no number above 0.
func (g Grid) Points() (int, error) {
	n := signal.Points(g.Window, g.Hz)
	if n < 1 || !(g.Stride > 0) {
		return 0, fmt.Errorf("windows of %v s each %v s at %v points a second have no points, or too many; "+
			"take a window, stride and hz above 0", g.Window, g.Stride, g.Hz)
	}
	return n, nil
}

// LoadTensors is [Load] for models that read tensors. It reads the episodes of all parts but
// excluded, each once, and keeps the channels that the view shows. It uses several workers,
// which do not show in the data. The labels are those of the table.
//
// Besides what Load refuses, it fails if the table was made with another window or other cures
// (unless the table does not say), if the windows of an episode are not those of the table, and
// if the tensors would take too much memory.
func LoadTensors(ctx context.Context, episodes, windows, split fs.FS, view View, g Grid, workers int) (*Data, error) {
	w, err := table.ReadTruth(windows)
	if err != nil {
		return nil, err
	}
	a, err := table.ReadAssignment(split)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(view.Check(), g.made(w)); err != nil {
		return nil, err
	}
	d, err := divide(w, a)
	if err != nil {
		return nil, err
	}
	if d.Points, err = g.Points(); err != nil {
		return nil, err
	}
	d.Hz, d.meaning = g.Hz, g.schema(g.Hz, g.Context).Hash()
	l := &tensorLoader{data: d, grid: g}
	l.choose(view)
	l.find()
	if err := l.read(ctx, episodes, workers); err != nil {
		return nil, err
	}
	return d, l.learnable()
}

// made returns an error if a table says that its windows were made in another way. Whether its
// features have context does not matter, since nobody reads them.
func (g Grid) made(w *table.Windows) error {
	want := g.schema(0, false).Hash()
	if w.SchemaHash == "" || w.SchemaHash == want || w.SchemaHash == g.schema(0, true).Hash() {
		return nil
	}
	return fmt.Errorf("the windows were made with another window than %v s or with other cures (their schema hash is "+
		"%.12s, and %.12s here); give this step the parameters window, stride and cures of the step that made them",
		g.Window, w.SchemaHash, want)
}
