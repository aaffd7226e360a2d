package score

import (
	"context"

	"assay/steps/kit/bootstrap"
	"assay/steps/kit/measure"
)

// The measures of ranks look at every window again in every resample. These bounds keep
// that to seconds: the windows, times classes, that all resamples together may look at,
// and those of the jackknife that BCa intervals need.
const (
	rankBudget  = 1 << 29
	knifeBudget = 1 << 28
)

// An estimator computes measures and their intervals.
type estimator struct {
	Bootstrap
	ctx context.Context
}

// A quantity is one number computed from totals, or from ranks.
type quantity struct {
	name   string
	total  func(*measure.Totals) float64
	ranked func(*measure.Ranks) float64
}

func quantityOf(m measure.Measure) quantity { return quantity{m.Name, m.Total, m.Ranked} }

func quantityOfClass(m measure.ClassMeasure, k int) quantity {
	q := quantity{name: m.Name}
	if m.Total != nil {
		q.total = func(t *measure.Totals) float64 { return m.Total(t, k) }
	} else {
		q.ranked = func(r *measure.Ranks) float64 { return m.Ranked(r, k) }
	}
	return q
}

// estimate returns the estimates of quantities of a sample, in their order.
func (e estimator) estimate(s *measure.Sample, list []quantity) ([]Estimate, error) {
	units := s
	if e.Unit == ByWindow {
		units = alone(s)
	}
	d := newDistribution(units, list)
	if err := d.resampleTotals(e.ctx, e.plan(units, e.Resamples)); err != nil {
		return nil, err
	}
	ranked := e.Resamples
	if looks := s.Len() * s.Classes; looks > 0 {
		ranked = min(ranked, max(rankBudget/looks, 100))
	}
	if err := d.resampleRanks(e.ctx, e.plan(units, ranked)); err != nil {
		return nil, err
	}
	out := make([]Estimate, len(list))
	for i, q := range list {
		out[i] = d.estimate(i, q.name, e.Level)
	}
	return out, nil
}

func (e estimator) plan(s *measure.Sample, resamples int) bootstrap.Plan {
	return bootstrap.Plan{Seed: e.Seed, Resamples: resamples, Units: s.Units()}
}

// alone returns the sample with every window as a unit of its own.
func alone(s *measure.Sample) *measure.Sample {
	c := *s
	c.Unit = make([]int32, s.Len())
	for i := range c.Unit {
		c.Unit[i] = int32(i)
	}
	return &c
}

func interval(i bootstrap.Interval) [2]Number { return [2]Number{Number(i.Low), Number(i.High)} }
