package gbt

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"assay/steps/kit/model"
)

// Train fits a model to train and stops when the loss on validation has not fallen for
// p.Patience rounds; the model keeps the trees up to the best round. Columns and classes
// of both sets are those of s. If each is not nil, it is called after every round.
//
// Train fails on invalid params, schema or sets, and when ctx ends.
func Train(ctx context.Context, p Params, s model.Schema, train, validation model.Set, each func(model.Round)) (*Fit,
	error) {
	if err := errors.Join(p.Check(), checkSchema(s), checkSet(train, s, "training"), checkSet(validation, s,
		"validation")); err != nil {
		return nil, err
	}
	b := newBooster(p, s, train, validation)
	fit := &Fit{}
	for r := 0; r < p.Rounds && r-fit.Best <= p.Patience; r++ {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		round := b.round()
		fit.Rounds = append(fit.Rounds, round)
		if round.Validation < fit.Rounds[fit.Best].Validation {
			fit.Best = r
		}
		if each != nil {
			each(round)
		}
	}
	k := len(s.Classes)
	fit.Model = &Model{Schema: s, Start: b.start, Trees: b.trees[: (fit.Best+1)*k : (fit.Best+1)*k]}
	return fit, nil
}

// checkSet refuses rows that do not fit the schema.
func checkSet(s model.Set, schema model.Schema, name string) error {
	n, f, k := len(s.Y), len(schema.Features), len(schema.Classes)
	switch {
	case n == 0:
		return fmt.Errorf("the %s set is empty", name)
	case n >= maxRows:
		return fmt.Errorf("the %s set has %d rows; at most %d can be summed exactly", name, n, maxRows-1)
	case len(s.X) != n*f:
		return fmt.Errorf("the %s set has %d values, want %d rows of %d", name, len(s.X), n, f)
	}
	for i, y := range s.Y {
		if y < 0 || int(y) >= k {
			return fmt.Errorf("row %d of the %s set is of class %d, and there are %d classes", i, name, y, k)
		}
	}
	return nil
}

// A booster is the state between rounds.
type booster struct {
	params     Params
	classes    int
	columns    int
	train      model.Set
	validation model.Set
	start      []float32 // K
	trees      []Tree
	grower     *grower
	grad       *gradients
	margins    []float32 // of train, N×K
	held       []float32 // of validation, N×K
	rows       []int32   // those of the tree being grown
	reached    []bool    // by row: the tree being grown has seen it
}

func newBooster(p Params, s model.Schema, train, validation model.Set) *booster {
	columns, k := len(s.Features), len(s.Classes)
	start := evenStart(k)
	b := &booster{
		params: p, classes: k, columns: columns, train: train, validation: validation, start: start,
		grower:  newGrower(newBins(train.X, columns, p.MaxBin), p.MaxDepth),
		grad:    newGradients(len(train.Y), k),
		margins: slices.Repeat(start, len(train.Y)),
		held:    slices.Repeat(start, len(validation.Y)),
		reached: make([]bool, len(train.Y)),
	}
	b.grad.update(b.margins, train.Y)
	return b
}

// round grows one tree per class, all from the derivatives before the round.
func (b *booster) round() model.Round {
	for k := range b.classes {
		t := b.tree(k)
		b.trees = append(b.trees, t)
		for i := range b.validation.Y {
			b.held[i*b.classes+k] += t.margin(b.row(b.validation, i))
		}
	}
	return model.Round{
		Train:      b.grad.update(b.margins, b.train.Y),
		Validation: meanLoss(b.held, b.validation.Y, b.classes),
	}
}

// tree grows the next tree, for class k, and adds it to the training margins.
func (b *booster) tree(k int) Tree {
	b.sample(len(b.trees))
	t := b.grower.grow(b.grad.gh[k], b.rows, newRule(b.params, b.grad.unit[k]), func(rows []int32, value float32) {
		for _, r := range rows {
			b.margins[int(r)*b.classes+k] += value
		}
	})
	if len(b.rows) < len(b.train.Y) {
		for i, seen := range b.reached {
			if !seen {
				b.margins[i*b.classes+k] += t.margin(b.row(b.train, i))
			}
		}
	}
	return t
}

func (b *booster) row(s model.Set, i int) []float32 { return s.X[i*b.columns : (i+1)*b.columns] }

// sample draws the rows and features for a tree.
func (b *booster) sample(tree int) {
	n := len(b.train.Y)
	clear(b.reached)
	b.rows = b.rows[:0]
	choose(stream(b.params.Seed, "rows", tree), n, share(n, b.params.Subsample), func(i int) {
		b.rows = append(b.rows, int32(i))
		b.reached[i] = true
	})
	wanted := b.grower.wanted
	clear(wanted)
	f := len(wanted)
	if f == 0 {
		return // every feature is constant: the trees are single leaves
	}
	choose(stream(b.params.Seed, "features", tree), f, share(f, b.params.Colsample), func(i int) { wanted[i] = true })
}
