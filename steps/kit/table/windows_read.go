package table

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/parquet"
)

// ReadWindows reads a windows table: every *.parquet below fsys, in any
// sub-folder. A feature is a column of numbers that has the name of one in the
// registry; features are in its order, whatever that of the columns. All parts
// must have the same ones, and no two different schema hashes. A part may have no
// rows. Other columns are ignored and remarked on.
func ReadWindows(fsys fs.FS) (*Windows, error) {
	w, err := readWindows(fsys, true)
	if err != nil {
		return nil, fmt.Errorf("windows: %w", err)
	}
	return w, nil
}

// ReadTruth reads what a windows table says beside the features: which windows
// there are, their classes, and the schema hash.
func ReadTruth(fsys fs.FS) (*Windows, error) {
	w, err := readWindows(fsys, false)
	if err != nil {
		return nil, fmt.Errorf("windows: %w", err)
	}
	return w, nil
}

// readWindows reads a windows table, with or without X.
func readWindows(fsys fs.FS, withFeatures bool) (*Windows, error) {
	all, err := parquet.OpenAll(fsys)
	if err != nil {
		return nil, err
	}
	defer all.Close()
	var m *FeatureMatrix
	if withFeatures {
		m, err = openMatrix(all, idColumns[:])
	} else {
		m, err = openHash(all)
	}
	if err != nil {
		return nil, err
	}
	rows, err := readWindowRows(all)
	if err != nil {
		return nil, err
	}
	w := &Windows{FeatureMatrix: *m}
	place, err := w.arrange(rows, all)
	if err != nil || !withFeatures {
		return w, err
	}
	return w, w.fill(all, place)
}

// A windowRow is what a row says beside its features.
type windowRow struct {
	EpisodeRef
	center float64
	phase  int32
	file   int
}

// readWindowRows reads what rows say beside their features, part after part.
func readWindowRows(all parquet.Files) ([]windowRow, error) {
	t := parquet.NewTexter()
	cols := []parquet.Column[windowRow]{
		parquet.TextColumn("host_id", t, func(r *windowRow) *string { return &r.Host }),
		parquet.TextColumn("episode_id", t, func(r *windowRow) *string { return &r.Key.Episode }),
		parquet.OptionalText("profile", t, func(r *windowRow) *string { return &r.Profile }),
		parquet.OptionalText("sample", t, func(r *windowRow) *string { return &r.Sample }),
		parquet.NumberColumn("t_center_s", func(r *windowRow) *float64 { return &r.center }),
		phaseColumn("phase", t, func(r *windowRow) *int32 { return &r.phase }),
	}
	var rows []windowRow
	for i, p := range all {
		start := len(rows)
		var err error
		if rows, err = parquet.ReadAll(rows, p, cols); err != nil {
			return nil, err
		}
		for j := start; j < len(rows); j++ {
			rows[j].file = i
		}
	}
	return rows, nil
}

// phaseColumn fills a class from the name of its phase.
func phaseColumn[T any](name string, t *parquet.Texter, field func(*T) *int32) parquet.Column[T] {
	return parquet.WordColumn(name, "phase", channel.PhaseIndex, t, field)
}

// arrange sorts the rows into w, all but X, and returns where each goes.
func (w *Windows) arrange(rows []windowRow, all parquet.Files) (place []int32, err error) {
	order := make([]int32, len(rows))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(rows[a].Compare(rows[b].Key), cmp.Compare(rows[a].center, rows[b].center), cmp.Compare(a, b))
	})
	place = make([]int32, len(rows))
	var last *windowRow
	for to, from := range order {
		r := &rows[from]
		place[from] = int32(to)
		if err := checkNeighbours(last, r, all); err != nil {
			return nil, err
		}
		if last == nil || last.Key != r.Key {
			w.Episodes = append(w.Episodes, r.EpisodeRef)
		}
		w.Episode = append(w.Episode, int32(len(w.Episodes)-1))
		w.Center = append(w.Center, r.center)
		w.Phase = append(w.Phase, r.phase)
		last = r
	}
	return place, nil
}

// checkNeighbours compares two rows that follow one another in the order.
func checkNeighbours(last, r *windowRow, all parquet.Files) error {
	if err := checkKey(r.Key); err != nil {
		return all[r.file].Wrap(err)
	}
	if last == nil || last.Key != r.Key {
		return nil
	}
	switch {
	case last.EpisodeRef != r.EpisodeRef:
		return fmt.Errorf("episode %s of host %s is of %s/%s in %s, but of %s/%s in %s", r.Episode, r.Host,
			last.Profile, last.Sample, all[last.file].Name, r.Profile, r.Sample, all[r.file].Name)
	case last.center == r.center:
		return fmt.Errorf("the window at %v s of episode %s of host %s is there twice: %s",
			r.center, r.Episode, r.Host, places(all[last.file].Name, all[r.file].Name))
	}
	return nil
}

// places says in which file or files two rows are.
func places(a, b string) string {
	if a == b {
		return "both rows in " + a
	}
	return "in " + a + " and in " + b
}
