package dataset

import (
	"cmp"
	"fmt"
	"io/fs"
	"math"
	"slices"
)

// ReadWindows reads a windows table: every *.parquet below fsys, in any
// sub-folder. All parts must have the same features in the same order, and the
// same schema hash. A part may have no rows.
func ReadWindows(fsys fs.FS) (*Windows, error) {
	w, err := readWindows(fsys)
	if err != nil {
		return nil, fmt.Errorf("windows: %w", err)
	}
	return w, nil
}

func readWindows(fsys fs.FS) (*Windows, error) {
	all, err := openParts(fsys)
	if err != nil {
		return nil, err
	}
	defer all.Close()
	m, err := openMatrix(all, idColumns[:])
	if err != nil {
		return nil, err
	}
	rows, err := readWindowRows(all)
	if err != nil {
		return nil, err
	}
	w := &Windows{Features: m.features, SchemaHash: m.hash}
	place, err := w.arrange(rows, all)
	if err != nil {
		return nil, err
	}
	err = m.fill(all, place)
	w.X = m.x
	return w, err
}

// A windowRow is what a row says beside its features.
type windowRow struct {
	EpisodeRef
	center float64
	phase  int32
	part   int
}

func readWindowRows(all parts) ([]windowRow, error) {
	t := newTexter()
	cols := []column[windowRow]{
		textColumn("host_id", t, func(r *windowRow) *string { return &r.Host }),
		textColumn("episode_id", t, func(r *windowRow) *string { return &r.Key.Episode }),
		textColumn("profile", t, func(r *windowRow) *string { return &r.Profile }),
		textColumn("sample", t, func(r *windowRow) *string { return &r.Sample }),
		numberColumn("t_center_s", func(r *windowRow) *float64 { return &r.center }),
		{name: "phase", set: func(r *windowRow, c cell) error {
			s, err := c.text(t)
			if r.phase = int32(PhaseIndex(s)); err == nil && r.phase < 0 {
				err = fmt.Errorf("%q is not a phase", s)
			}
			return err
		}},
	}
	var rows []windowRow
	for i, p := range all {
		start := len(rows)
		var err error
		if rows, err = readAll(rows, p, cols); err != nil {
			return nil, err
		}
		for j := start; j < len(rows); j++ {
			rows[j].part = i
			if math.IsNaN(rows[j].center) || math.IsInf(rows[j].center, 0) {
				return nil, p.wrap(fmt.Errorf("row %d: the centre %v is not a time", j-start, rows[j].center))
			}
		}
	}
	return rows, nil
}

// arrange sorts the rows into w, all but X, and returns where each goes.
func (w *Windows) arrange(rows []windowRow, all parts) (place []int32, err error) {
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
func checkNeighbours(last, r *windowRow, all parts) error {
	if err := checkKey(r.Key); err != nil {
		return all[r.part].wrap(err)
	}
	if last == nil || last.Key != r.Key {
		return nil
	}
	switch {
	case last.EpisodeRef != r.EpisodeRef:
		return fmt.Errorf("episode %s of host %s is of %s/%s in %s, but of %s/%s in %s", r.Episode, r.Host,
			last.Profile, last.Sample, all[last.part].name, r.Profile, r.Sample, all[r.part].name)
	case last.center == r.center:
		return fmt.Errorf("the window at %v s of episode %s of host %s is there twice: in %s and in %s",
			r.center, r.Episode, r.Host, all[last.part].name, all[r.part].name)
	}
	return nil
}
