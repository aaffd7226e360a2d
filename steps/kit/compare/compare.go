package compare

import (
	"context"
	"fmt"
	"slices"

	"assay/steps/kit/bootstrap"
	"assay/steps/kit/measure"
	"assay/steps/kit/score"
)

// Options say how to compare.
type Options struct {
	score.Bootstrap
	Measure string
}

// Measures returns the names of the measures that can be compared: those that what an
// episode contributes is enough for.
func Measures() []string {
	return []string{measure.Primary, "accuracy", "balanced_accuracy", "log_loss", "brier"}
}

// Compare compares entries. It fails if two entries of one split were not scored on the
// same windows.
func Compare(ctx context.Context, o Options, entries []Entry) (*Comparison, error) {
	m, err := measureOf(o.Measure)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Measure: m.Name, Lower: m.Lower, Bootstrap: o.Bootstrap}
	for _, e := range entries {
		c.Splits = appendNew(c.Splits, e.Split)
		c.Models = appendNew(c.Models, Model{e.Model, e.View})
	}
	for _, split := range c.Splits {
		some := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Split != split })
		if err := SameWindows(some); err != nil {
			return nil, err
		}
		if err := c.add(ctx, m, split, some); err != nil {
			return nil, err
		}
	}
	if len(c.Splits) > 1 {
		err = c.add(ctx, m, AllSplits, entries)
	}
	return c, err
}

func measureOf(name string) (measure.Measure, error) {
	for _, m := range measure.All() {
		if m.Name == name && slices.Contains(Measures(), name) {
			return m, nil
		}
	}
	return measure.Measure{}, fmt.Errorf("measure is %q, want one of %q", name, Measures())
}

func appendNew[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// add compares the entries of one split, or of all.
func (c *Comparison) add(ctx context.Context, m measure.Measure, split string, entries []Entry) error {
	f := newField(entries)
	plan := bootstrap.Plan{Seed: c.Bootstrap.Seed, Resamples: c.Bootstrap.Resamples, Units: len(f.units)}
	if err := f.resample(ctx, plan, m); err != nil {
		return err
	}
	var list []*contender
	for _, model := range c.Models {
		if k := f.contender(model, split, c.Splits); k != nil {
			list = append(list, k)
			c.Scores = append(c.Scores, k.score(split, c.Bootstrap.Level))
		}
	}
	for _, family := range []string{Models, Views} {
		c.Pairs = append(c.Pairs, c.pairs(family, split, list)...)
	}
	return nil
}
