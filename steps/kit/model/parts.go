package model

import (
	"errors"
	"fmt"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/table"
)

// divide returns the windows of each part of a split, without their inputs, to train on.
func divide(w *table.Windows, a *table.Assignment) (*Data, error) {
	if w.Len() == 0 {
		return nil, errors.New("the windows table has no rows, so there is nothing to train on; " +
			"make windows that are shorter than the episodes (parameter window of features)")
	}
	d, err := byPart(w, a)
	if err != nil {
		return nil, err
	}
	for _, s := range []Set{d.Train, d.Validation} {
		if len(s.Y) == 0 {
			return nil, fmt.Errorf("no window is in the part %s of the split, which has %d episodes there; give the "+
				"split more episodes, or hold out less",
				s.Part, a.Info.Episodes[s.Part])
		}
	}
	return d, nil
}

// byPart returns the windows of each part of a split, without their inputs. Any part may
// have none.
func byPart(w *table.Windows, a *table.Assignment) (*Data, error) {
	d := &Data{Windows: w, Classes: channel.Phases(), TornBoots: a.TornBoots()}
	rows, err := rowsByPart(w, a)
	if err != nil {
		return nil, err
	}
	d.Train.Part, d.Validation.Part, d.Test.Part = table.Train, table.Validation, table.Test
	for _, s := range []*Set{&d.Train, &d.Validation, &d.Test} {
		s.Rows = rows[s.Part]
		s.Y = make([]int32, len(s.Rows))
		for i, r := range s.Rows {
			s.Y[i] = w.Phase[r]
		}
	}
	return d, nil
}

// learnable returns an error if no value of the training part is there.
func (d *Data) learnable(train []float32) error {
	if !slices.ContainsFunc(train, func(x float32) bool { return x == x }) {
		return fmt.Errorf("no window of the training part has a value in any of the %d features, so there is "+
			"nothing to learn from", len(d.Features))
	}
	return nil
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
