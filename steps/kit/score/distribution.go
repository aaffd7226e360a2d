package score

import (
	"context"
	"math"

	"assay/steps/kit/bootstrap"
	"assay/steps/kit/measure"
)

// A distribution is the values of some quantities of a sample: as they are, in resamples,
// and without each of the units.
type distribution struct {
	list    []quantity
	classes int
	tally   *bootstrap.Sums
	ranks   *measure.Ranks // nil if no quantity needs it
	looks   int            // windows times classes

	value   []float64   // by quantity
	values  [][]float64 // by quantity, then resample
	without [][]float64 // by quantity, then unit
}

func newDistribution(s *measure.Sample, list []quantity) *distribution {
	d := &distribution{
		list: list, classes: s.Classes, tally: measure.NewTally(s), looks: s.Len() * s.Classes,
		value: make([]float64, len(list)), values: make([][]float64, len(list)), without: make([][]float64, len(list)),
	}
	whole := measure.Whole(d.tally, s.Classes)
	for i, q := range list {
		if q.ranked != nil && d.ranks == nil {
			d.ranks = measure.NewRanks(s)
		}
		if q.total != nil {
			d.value[i] = q.total(whole)
		} else {
			d.value[i] = q.ranked(d.ranks)
		}
	}
	return d
}

// resampleTotals fills in the values of the quantities that are made of totals.
func (d *distribution) resampleTotals(ctx context.Context, p bootstrap.Plan) error {
	d.room(p, func(q quantity) bool { return q.total != nil })
	whole := measure.Whole(d.tally, d.classes)
	row := make([]float64, measure.Columns(d.classes))
	for u := range p.Units {
		d.tally.Without(u, whole.Row(), row)
		d.fill(d.without, u, measure.NewTotals(d.classes, row))
	}
	return d.tally.Resample(ctx, p, func() func(int, []float64) {
		return func(r int, row []float64) { d.fill(d.values, r, measure.NewTotals(d.classes, row)) }
	})
}

func (d *distribution) fill(into [][]float64, at int, t *measure.Totals) {
	for i, q := range d.list {
		if q.total != nil {
			into[i][at] = q.total(t)
		}
	}
}

// resampleRanks fills in the values of the quantities that are made of ranks. Units are
// left out one by one only if that does not take long.
func (d *distribution) resampleRanks(ctx context.Context, p bootstrap.Plan) error {
	if d.ranks == nil {
		return nil
	}
	d.room(p, func(q quantity) bool { return q.ranked != nil })
	work := func(into [][]float64) func() func(int, []int32) {
		return func() func(int, []int32) {
			return func(at int, counts []int32) {
				weighed := d.ranks.Weigh(counts)
				for i, q := range d.list {
					if q.ranked != nil {
						into[i][at] = q.ranked(weighed)
					}
				}
			}
		}
	}
	if err := bootstrap.Run(ctx, p, work(d.values)); err != nil {
		return err
	}
	if d.looks*p.Units > knifeBudget {
		for i, q := range d.list {
			if q.ranked != nil {
				d.without[i] = nil
			}
		}
		return nil
	}
	return bootstrap.LeaveOneOut(ctx, p.Units, work(d.without))
}

// room makes room for the values of some quantities.
func (d *distribution) room(p bootstrap.Plan, of func(quantity) bool) {
	for i, q := range d.list {
		if of(q) {
			d.values[i], d.without[i] = make([]float64, p.Resamples), make([]float64, p.Units)
		}
	}
}

// estimate sums up a quantity.
func (d *distribution) estimate(i int, name string, level float64) Estimate {
	e := Estimate{
		Name: name, Value: Number(d.value[i]),
		Percentile: interval(bootstrap.Percentile(d.values[i], level)),
		BCa:        interval(bootstrap.BCa(d.value[i], d.values[i], d.without[i], level)),
		Resamples:  len(d.values[i]),
	}
	if math.IsNaN(d.value[i]) {
		e.Percentile = e.BCa // resamples say nothing of what has no value
	}
	return e
}
