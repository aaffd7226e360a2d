// Package model holds what every family of models shares: which columns a view
// lets it see ([View]) and which windows it trains, stops and is tested on
// ([Load]). The families themselves are the packages below it.
package model

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/table"
)

// A View says which channels a model may see.
type View string

// The views.
const (
	Realistic View = "realistic" // the channels that exist in deployment
	Oracle    View = "oracle"    // all of them
)

// Check returns an error if v is not a view.
func (v View) Check() error {
	if v != Realistic && v != Oracle {
		return fmt.Errorf("view is %q, want %s (channels of the deployment) or %s (all channels)", string(v),
			Realistic, Oracle)
	}
	return nil
}

// sees returns the indices of the features that the view shows.
func (v View) sees(features []string) []int {
	var list []int
	for i, f := range features {
		if v == Oracle || channel.Deployed(f) {
			list = append(list, i)
		}
	}
	return list
}

// Data are the windows of a split as one view shows them.
type Data struct {
	Windows  *table.Windows // all of them, with all features
	Features []string       // the F features of the view
	Classes  []string       // every phase, whether it occurs or not

	Train, Validation, Test Set

	Series *Series // of tensors: all windows; nil for summaries, whose sets have X
	Hz     float64 // points a second; 0 for summaries

	TornBoots string // what is wrong with the split's boots, see [table.Assignment.TornBoots]
}

// Schema returns the columns and classes of a model of these windows.
func (d *Data) Schema() Schema {
	return Schema{Features: d.Features, Classes: d.Classes, Meaning: d.Windows.SchemaHash}
}

// A Set is the windows of one part of a split, in the order of the table.
type Set struct {
	Part table.Part
	Rows []int     // N: their rows in the table
	X    []float32 // N×F row-major; NaN is missing
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
	return Arrange(w, a, view)
}

// Arrange is [Load] for tables that are in memory.
func Arrange(w *table.Windows, a *table.Assignment, view View) (*Data, error) {
	if err := view.Check(); err != nil {
		return nil, err
	}
	if w.Len() == 0 {
		return nil, errors.New("the windows table has no rows, so there is nothing to train on; " +
			"make windows that are shorter than the episodes (parameter window of features)")
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
	d := &Data{Windows: w, Classes: channel.Phases(), TornBoots: a.TornBoots()}
	for _, c := range columns {
		d.Features = append(d.Features, w.Features[c])
	}
	rows, err := rowsByPart(w, a)
	if err != nil {
		return nil, err
	}
	d.Train = take(w, table.Train, rows[table.Train], columns)
	d.Validation = take(w, table.Validation, rows[table.Validation], columns)
	d.Test = take(w, table.Test, rows[table.Test], columns)
	for _, s := range []Set{d.Train, d.Validation} {
		if len(s.Y) == 0 {
			return nil, fmt.Errorf("no window is in the part %s of the split, which has %d episodes there; give the "+
				"split more episodes, or hold out less",
				s.Part, a.Info.Episodes[s.Part])
		}
	}
	if !slices.ContainsFunc(d.Train.X, func(x float32) bool { return x == x }) {
		return nil, fmt.Errorf("no window of the training part has a value in any of the %d features, so there is "+
			"nothing to learn from", len(columns))
	}
	return d, nil
}

// rowsByPart returns the windows of each part of a split.
func rowsByPart(w *table.Windows, a *table.Assignment) (map[table.Part][]int, error) {
	part := make(map[table.Key]table.Part, len(a.Rows))
	for _, r := range a.Rows {
		part[r.Key] = r.Part
	}
	rows := map[table.Part][]int{}
	for i := range w.Len() {
		k := w.Episodes[w.Episode[i]].Key
		p, ok := part[k]
		if !ok {
			return nil, fmt.Errorf("episode %s of host %s has windows but is not in the split; make both from the "+
				"same validation index", k.Episode, k.Host)
		}
		rows[p] = append(rows[p], i)
	}
	return rows, nil
}

// take copies some rows and columns of the table.
func take(w *table.Windows, part table.Part, rows, columns []int) Set {
	s := Set{Part: part, Rows: rows, X: make([]float32, 0, len(rows)*len(columns)), Y: make([]int32, len(rows))}
	for i, r := range rows {
		s.Y[i] = w.Phase[r]
		x := w.Row(r)
		for _, c := range columns {
			s.X = append(s.X, x[c])
		}
	}
	return s
}
