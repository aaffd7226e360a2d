package prediction

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/table"
)

// testRows returns the predictions of the part test in the order of key, then
// centre. It fails if they are not those of the split, and of the windows unless
// w is nil, and names the first that is not.
func TestPart(p *Set, a *table.Assignment, w *table.Windows) ([]table.Prediction, error) {
	rows := make(map[table.Key]*table.AssignmentRow, len(a.Rows))
	for i := range a.Rows {
		rows[a.Rows[i].Key] = &a.Rows[i]
	}
	var test []table.Prediction
	for i, r := range p.Rows {
		if err := agree(&r, rows[r.Key]); err != nil {
			return nil, fmt.Errorf("%s: row %d (the first is 0): %w", table.PredictionsFile, i, err)
		}
		if r.Part == table.Test {
			test = append(test, r)
		}
	}
	if w != nil {
		if err := compare(p, w); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(test, func(a, b table.Prediction) int {
		return cmp.Or(a.Compare(b.Key), cmp.Compare(a.Center, b.Center))
	})
	if err := complete(test, a, w); err != nil {
		return nil, err
	}
	if len(test) == 0 {
		return nil, errors.New("no window is in the part test of the split, so there is nothing to score; " +
			"hold out a host, sample or time that has episodes")
	}
	return test, nil
}

// agree compares a prediction with the row of its episode in the split, nil if it has
// none. A prediction without a profile gets the profile from there.
func agree(r *table.Prediction, row *table.AssignmentRow) error {
	if row == nil {
		return fmt.Errorf("episode %s of host %s was predicted as part %q but is not in this split; "+
			"evaluate with the split the model was trained on", r.Episode, r.Host, r.Part)
	}
	if r.Part != row.Part {
		return fmt.Errorf("episode %s of host %s was predicted as part %q but is in part %q of this split; "+
			"evaluate with the split the model was trained on", r.Episode, r.Host, r.Part, row.Part)
	}
	r.Profile = cmp.Or(r.Profile, row.Profile)
	if row.Profile != "" && r.Profile != row.Profile {
		return fmt.Errorf("episode %s of host %s is of profile %s, in the split of %s", r.Episode, r.Host, r.Profile,
			row.Profile)
	}
	return nil
}

// A window names one row of a windows table.
type window struct {
	table.Key
	center float64
}

func (w window) String() string {
	return fmt.Sprintf("the window at %v s of episode %s of host %s", w.center, w.Episode, w.Host)
}

// compare checks that every prediction is of a window of the table and has its label.
func compare(p *Set, w *table.Windows) error {
	truth := make(map[window]int32, w.Len())
	for i := range w.Len() {
		truth[window{w.Episodes[w.Episode[i]].Key, w.Center[i]}] = w.Phase[i]
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		at := window{r.Key, r.Center}
		phase, ok := truth[at]
		if !ok {
			return fmt.Errorf("%s: row %d (the first is 0): %v is not in the windows table; "+
				"evaluate with the windows that were predicted", table.PredictionsFile, i, at)
		}
		if phase != r.Phase {
			return fmt.Errorf("%s: row %d (the first is 0): %v is said to be %s, but the windows table has %s",
				table.PredictionsFile, i, at, channel.PhaseName(int(r.Phase)), channel.PhaseName(int(phase)))
		}
	}
	return nil
}

// complete checks that every window of the test part is predicted or, without a windows
// table, every episode. test is in the order of key, then centre.
func complete(test []table.Prediction, a *table.Assignment, w *table.Windows) error {
	has := func(at window) bool {
		_, found := slices.BinarySearchFunc(test, at, func(r table.Prediction, at window) int {
			return cmp.Or(r.Compare(at.Key), cmp.Compare(r.Center, at.center))
		})
		return found
	}
	if w != nil {
		for i := range w.Len() {
			at := window{w.Episodes[w.Episode[i]].Key, w.Center[i]}
			if a.Part(at.Key) == table.Test && !has(at) {
				return fmt.Errorf("%v is in the part test of the split and has no prediction", at)
			}
		}
		return nil
	}
	predicted := map[table.Key]bool{}
	for i := range test {
		predicted[test[i].Key] = true
	}
	for _, r := range a.Rows {
		if r.Part == table.Test && !predicted[r.Key] {
			return fmt.Errorf("episode %s of host %s is in the part test of the split and has no prediction; "+
				"if it is too short for a window, connect windows to show that", r.Episode, r.Host)
		}
	}
	return nil
}

// WithoutWindows lists the episodes of the test part that have no window; "" if there
// are none, or no table. They are too short for a window, or the table was cut.
func WithoutWindows(a *table.Assignment, w *table.Windows) string {
	if w == nil {
		return ""
	}
	has := make(map[table.Key]bool, len(w.Episodes))
	for _, e := range w.Episodes {
		has[e.Key] = true
	}
	tested := 0
	var bare []table.Key
	for _, r := range a.Rows {
		if r.Part != table.Test {
			continue
		}
		if tested++; !has[r.Key] {
			bare = append(bare, r.Key)
		}
	}
	if len(bare) == 0 {
		return ""
	}
	return fmt.Sprintf("episodes of the test part that have no window and are not scored: %d of %d, such as %s of host %s; "+
		"they are too short for a window, or the windows table lacks rows", len(bare), tested, bare[0].Episode, bare[0].Host)
}
