package diff

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"assay/steps/kit/compare"
	"assay/steps/kit/score"
)

// A group is the evaluations of one model and view, by one step.
type group struct {
	groupID
	pairs []*pair
}

type groupID struct{ step, model, view string }

// groupsOf groups the pairs in the order of their names, and leaves out groups in which
// nothing changed.
func groupsOf(all []*pair) []*group {
	var list []*group
	for _, p := range all {
		sides := p.sides()
		e := sides[len(sides)-1]
		id := groupID{e.Step, e.Model, e.View}
		i := slices.IndexFunc(list, func(g *group) bool { return g.groupID == id })
		if i < 0 {
			i = len(list)
			list = append(list, &group{groupID: id})
		}
		list[i].pairs = append(list[i].pairs, p)
	}
	return slices.DeleteFunc(list, func(g *group) bool {
		return !slices.ContainsFunc(g.pairs, func(p *pair) bool { return !p.same() })
	})
}

// load reads what the episodes contribute, of the pairs that can be compared.
func (g *group) load() {
	for _, p := range g.pairs {
		if p.was == nil || p.now == nil {
			continue
		}
		if err := p.load(); err != nil {
			p.entries, p.unpaired = nil, err.Error()
		}
	}
}

// The names of the states as models that are compared.
const (
	oldModel = "old"
	newModel = "new"
)

func (p *pair) load() error {
	was, err := p.was.Entry()
	if err != nil {
		return fmt.Errorf("%s: %w", oldModel, err)
	}
	now := was
	if !p.same() {
		if now, err = p.now.Entry(); err != nil {
			return fmt.Errorf("%s: %w", newModel, err)
		}
	}
	was.Model, now.Model = oldModel, newModel
	p.entries = []compare.Entry{was, now}
	for i := range p.entries {
		e := &p.entries[i]
		e.View, e.Split, e.Seed = "", p.artifact, ""
	}
	if compare.SameWindows(p.entries) != nil {
		return errors.New("not scored on the same windows")
	}
	return nil
}

// score adds the rows of a group.
func (g *group) score(ctx context.Context, s *Scores) error {
	var entries []compare.Entry
	paired := 0
	for _, p := range g.pairs {
		entries = append(entries, p.entries...)
		if len(p.entries) > 0 && !p.same() {
			paired++
		}
	}
	c := &compare.Comparison{}
	if paired > 0 {
		var err error
		boot := score.Bootstrap{Unit: score.ByEpisode, Resamples: 10_000, Level: s.Level, Seed: 1}
		if c, err = compare.Compare(ctx, compare.Options{Bootstrap: boot, Measure: s.Measure}, entries); err != nil {
			return err
		}
	}
	for _, p := range g.pairs {
		if !p.same() {
			s.Evaluations = append(s.Evaluations, g.row(p, c, s.Measure))
		}
	}
	if mean := g.mean(c); mean != nil {
		s.Means = append(s.Means, *mean)
	}
	return nil
}

// row returns the scores of one evaluation.
func (g *group) row(p *pair, c *compare.Comparison, measure string) Score {
	r := Score{Artifact: p.artifact, Step: g.step, Model: g.model, View: g.view, Unpaired: p.unpaired}
	if p.was != nil {
		r.Change, r.Split, r.Old = Removed, p.was.Split, estimate(p.was.Metrics, measure)
	}
	if p.now != nil {
		r.Change, r.Split, r.New = Added, p.now.Split, estimate(p.now.Metrics, measure)
	}
	if p.was != nil && p.now != nil {
		r.Change, r.Difference = Changed, difference(c, p.artifact)
	}
	return r
}

// mean returns the mean of the evaluations that both states have; nil of fewer than two.
func (g *group) mean(c *compare.Comparison) *Score {
	d := difference(c, compare.AllSplits)
	if d == nil {
		return nil
	}
	return &Score{
		Change: Changed, Step: g.step, Model: g.model, View: g.view, Splits: len(c.Splits), Difference: d,
		Old: meanOf(c, oldModel), New: meanOf(c, newModel),
	}
}

func meanOf(c *compare.Comparison, model string) *Estimate {
	s := c.Score(compare.Model{Model: model}, compare.AllSplits)
	return &Estimate{s.Mean, s.Low, s.High}
}

// difference returns new less old on a split; nil if they were not compared there.
func difference(c *compare.Comparison, split string) *Difference {
	p := c.Pair(compare.Model{Model: newModel}, compare.Model{Model: oldModel}, split)
	if p == nil {
		return nil
	}
	return &Difference{Estimate: Estimate{p.Difference, p.Low, p.High}, P: p.P, Episodes: p.Episodes}
}
