package compare

import (
	"context"
	"slices"

	"assay/steps/kit/bootstrap"
	"assay/steps/kit/channel"
	"assay/steps/kit/measure"
	"assay/steps/kit/score"
	"assay/steps/kit/table"
)

// A field is the entries that are compared, over the episodes of all of them. An episode
// is one unit even if it is in the test parts of several splits.
type field struct {
	units   []table.Key
	runners []*runner
}

// A runner is an entry with its score, as it is and in every resample.
type runner struct {
	Entry
	tally  *bootstrap.Sums
	right  map[int]float64 // by unit: share of its windows that are right
	value  float64
	values []float64
}

func newField(entries []Entry) *field {
	f := &field{}
	for _, e := range entries {
		for _, r := range e.Episodes {
			f.units = append(f.units, r.Key)
		}
	}
	slices.SortFunc(f.units, table.Key.Compare)
	f.units = slices.Compact(f.units)
	for _, e := range entries {
		f.runners = append(f.runners, f.runner(e))
	}
	return f
}

func (f *field) runner(e Entry) *runner {
	rows := slices.Clone(e.Episodes)
	slices.SortStableFunc(rows, func(a, b score.EpisodeCount) int { return a.Compare(b.Key) })
	r := &runner{Entry: e, tally: bootstrap.NewSums(measure.Columns(channel.NumPhases)), right: map[int]float64{}}
	for u, key := range f.units {
		all, right := 0.0, 0.0
		for len(rows) > 0 && rows[0].Key == key {
			c := rows[0]
			measure.AddCell(r.tally, channel.NumPhases, measure.Cell{
				Truth: channel.PhaseIndex(c.Phase), Predicted: channel.PhaseIndex(c.Predicted),
				Windows: float64(c.Windows), LogLoss: c.LogLoss, Brier: c.Brier,
			})
			all += float64(c.Windows)
			if c.Phase == c.Predicted {
				right += float64(c.Windows)
			}
			rows = rows[1:]
		}
		if all > 0 {
			r.right[u] = right / all
		}
		r.tally.Close()
	}
	return r
}

// resample scores every runner on the same resamples.
func (f *field) resample(ctx context.Context, p bootstrap.Plan, m measure.Measure) error {
	const k = channel.NumPhases
	for _, r := range f.runners {
		r.value = m.Total(measure.Whole(r.tally, k))
		r.values = make([]float64, p.Resamples)
		err := r.tally.Resample(ctx, p, func() func(int, []float64) {
			return func(at int, row []float64) { r.values[at] = m.Total(measure.NewTotals(k, row)) }
		})
		if err != nil {
			return err
		}
	}
	return nil
}
