package model

import (
	"errors"
	"fmt"
	"slices"

	"assay/steps/kit/causal"
	"assay/steps/kit/channel"
	"assay/steps/kit/signal"
)

// A Feed makes the inputs of a model from the windows of a stream, one after the other in the
// order of time. They are the bits that [Apply] and [ApplyTensors] make of a recording.
type Feed struct {
	columns []int           // of a window's values, of summaries
	context *causal.Context // of summaries; nil without
	all     []float32       // the values of a window, and their context
	row     []float32       // those that the model reads
	gatherer
}

// NewFeed returns the feed of a model. The grid is that of its windows; points per second and
// context are the model's own. It fails if the model was trained on windows of another grid, or
// if the view is not that of the model; "" is whichever that is.
func NewFeed(m About, view View, g Grid) (*Feed, error) {
	g.Hz, g.Context = m.Hz, m.Context()
	if m.Form == Tensors {
		return newTensorFeed(m, view, g)
	}
	names := channel.FeatureNames()
	f := &Feed{all: make([]float32, len(names))}
	if g.Context {
		f.context = causal.New(len(names))
		names = channel.InContext(names, channel.Contexts()...)
		f.all = make([]float32, len(names))
	}
	var err error
	if f.columns, err = m.find(names); err != nil {
		return nil, err
	}
	return f, errors.Join(checkView(view, m.Features, names),
		m.applies(Schema{Features: names, Meaning: g.schema(0, g.Context).Hash()}))
}

func newTensorFeed(m About, view View, g Grid) (*Feed, error) {
	if err := errors.Join(checkView(view, m.Features, channelNames()), g.fits(m)); err != nil {
		return nil, err
	}
	view = Realistic
	if slices.ContainsFunc(m.Features, func(f string) bool { return !channel.Deployed(f) }) {
		view = Oracle
	}
	columns := g.columns()
	var want []string
	for _, c := range view.sees(columns) {
		want = append(want, columns[c])
	}
	if err := m.Match(Schema{want, channel.Phases(), g.schema(g.Hz, g.Context).Hash()}); err != nil {
		return nil, err
	}
	f := &Feed{gatherer: gatherer{channels: view.sees(channelNames()), hz: g.Hz,
		series: &Series{Columns: len(want), Points: m.Points}}}
	if g.Context {
		f.past = make([]causal.Running, len(f.channels))
	}
	return f, nil
}

// checkView is [View.of], if there is a view.
func checkView(v View, features, columns []string) error {
	if v == "" {
		return nil
	}
	return v.of(features, columns)
}

// Channels returns which of the registry's channels tensors are made of.
func (f *Feed) Channels() []int { return f.channels }

// Summary returns the input of the next window, whose features are x. It is good until the next call.
func (f *Feed) Summary(x []float32) []float32 {
	copy(f.all, x)
	if f.context != nil {
		f.context.Next(f.all[len(x):], x)
	}
	f.row = f.row[:0]
	for _, c := range f.columns {
		f.row = append(f.row, f.all[c])
	}
	return f.row
}

// Tensor returns the input of the next window, which is the only one of t. It is good until the
// next call.
func (f *Feed) Tensor(t *signal.Tensors) ([]float32, error) {
	if t.Len() != 1 || t.Steps != f.series.Points {
		return nil, fmt.Errorf("%d windows of %d points, want one of %d", t.Len(), t.Steps, f.series.Points)
	}
	f.remember(t, 0)
	f.series.Data = f.series.Data[:0]
	f.append(t, 0, 0)
	return f.series.Data, nil
}
