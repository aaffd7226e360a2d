package model

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"assay/steps/kit/causal"
	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/signal"
)

// A tensorLoader reads the tensors of the windows of a table.
type tensorLoader struct {
	data *Data
	grid Grid
	gatherer
	names []string // of the episodes' files
	from  []int    // the rows of the table that are each one's windows: [from, to)
	to    []int
}

// channelNames returns the names of all channels.
func channelNames() []string {
	all := channel.All()
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	return names
}

// choose notes which channels the view shows.
func (l *tensorLoader) choose(view View) {
	columns := l.grid.columns()
	for _, c := range view.sees(columns) {
		l.data.Features = append(l.data.Features, columns[c])
	}
	l.channels, l.hz = view.sees(channelNames()), l.grid.Hz
	if l.grid.Context {
		l.past = make([]causal.Running, len(l.channels))
	}
	l.series = &Series{Columns: len(l.data.Features), Points: l.data.Points,
		Start: slices.Repeat([]int{-1}, l.data.Windows.Len())}
	l.data.Series = l.series
}

// find lists the episodes that have windows in a part.
func (l *tensorLoader) find() {
	w := l.data.Windows
	used := make([]bool, w.Len())
	for _, s := range []Set{l.data.Train, l.data.Validation, l.data.Test} {
		for _, r := range s.Rows {
			used[r] = true
		}
	}
	for from := 0; from < w.Len(); {
		to := from + 1
		for to < w.Len() && w.Episode[to] == w.Episode[from] {
			to++
		}
		if used[from] { // a part has whole episodes
			k := w.Episodes[w.Episode[from]].Key
			l.names = append(l.names, k.Host+"/"+k.Episode+episode.Suffix)
			l.from, l.to = append(l.from, from), append(l.to, to)
		}
		from = to
	}
}

// read reads the episodes.
func (l *tensorLoader) read(ctx context.Context, episodes fs.FS, workers int) error {
	if err := l.reserve(l.rows()); err != nil {
		return err
	}
	source := &signal.TensorSource{
		Store: episodes, Names: l.names, Limits: episode.DefaultLimits(), Cures: l.grid.Cures,
		Window: l.grid.Window, Stride: l.grid.Stride, Hz: l.grid.Hz, Workers: workers,
		Unknown: l.grid.Context,
	}
	order := make([]int, len(l.names))
	for i := range order {
		order[i] = i
	}
	err := source.Each(ctx, order, func(i int, t *signal.Tensors) error {
		if err := l.match(i, known(t)); err != nil {
			return err
		}
		return l.add(t, l.from[i])
	})
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: the windows table knows it, the episode store does not have it; "+
			"connect the store that the windows were made from", err)
	}
	return err
}

// known returns the centres of the windows of known phase.
func known(t *signal.Tensors) []float64 {
	if !slices.Contains(t.Class, -1) {
		return t.Center
	}
	var list []float64
	for k, class := range t.Class {
		if class >= 0 {
			list = append(list, t.Center[k])
		}
	}
	return list
}

// rows returns how many rows the series has if all windows share what they can.
func (l *tensorLoader) rows() int {
	n := 0
	for i := range l.names {
		n += l.data.Points
		center := l.data.Windows.Center[l.from[i]:l.to[i]]
		for k := 1; k < len(center); k++ {
			n += l.distance(center[k-1], center[k])
		}
	}
	return n
}

// match compares the windows of an episode with those of the table.
func (l *tensorLoader) match(i int, center []float64) error {
	w := l.data.Windows
	want := w.Center[l.from[i]:l.to[i]]
	if slices.Equal(center, want) {
		return nil
	}
	n := 0
	for n < min(len(center), len(want)) && center[n] == want[n] {
		n++
	}
	var what string
	switch {
	case n == len(center):
		what = fmt.Sprintf("the table has it at %v s, the episode has no more windows", want[n])
	case n == len(want):
		what = fmt.Sprintf("the episode has it at %v s, the table has no more windows", center[n])
	default:
		what = fmt.Sprintf("the episode has it at %v s, the table at %v s", center[n], want[n])
	}
	k := w.Episodes[w.Episode[l.from[i]]].Key
	return fmt.Errorf("window %d (the first is 0) of episode %s of host %s: %s; the table was made from another store "+
		"or with other windows: connect the episodes that it was made from, and give this step the window, stride and "+
		"cures it was made with", n, k.Episode, k.Host, what)
}

// learnable is [Data.learnable] for tensors.
func (l *tensorLoader) learnable() error {
	for _, r := range l.data.Train.Rows {
		if slices.ContainsFunc(l.series.Window(r), func(x float32) bool { return x == x }) {
			return nil
		}
	}
	return l.data.learnable(nil)
}
