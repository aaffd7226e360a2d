package diff

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/cmd/assay/internal/scores"
	"assay/cmd/assay/internal/state"
	"assay/steps/kit/compare"
	"assay/steps/kit/measure"
	"assay/steps/kit/score"
)

// A pair is an evaluation in both states; one of them may be nil.
type pair struct {
	artifact string
	was, now *scores.Evaluation
	entries  []compare.Entry // of both, if they can be compared
	unpaired string
}

// sides returns the evaluations that there are.
func (p *pair) sides() []*scores.Evaluation {
	return slices.DeleteFunc([]*scores.Evaluation{p.was, p.now}, func(e *scores.Evaluation) bool { return e == nil })
}

// same reports whether both states have the same evaluation.
func (p *pair) same() bool { return p.was != nil && p.now != nil && p.was.Digest == p.now.Digest }

// score fills in the scores of the evaluations that differ.
func (d *Diff) score(ctx context.Context, o Options, before, after *state.State) error {
	all := d.pairs(o, before, after)
	var read []*scores.Evaluation
	for _, p := range all {
		read = append(read, p.sides()...)
	}
	level := scores.Level(read)
	groups := groupsOf(all)
	for _, g := range groups {
		g.load()
	}
	d.Metrics = []Scores{}
	for _, m := range measure.All() {
		if !slices.Contains(o.Measures, m.Name) {
			continue
		}
		s := Scores{Measure: m.Name, Title: m.Title, Lower: m.Lower, Level: level, Evaluations: []Score{}, Means: []Score{}}
		for _, g := range groups {
			if err := g.score(ctx, &s); err != nil {
				return err
			}
		}
		adjust(s.Evaluations)
		adjust(s.Means)
		d.Metrics = append(d.Metrics, s)
	}
	return nil
}

// pairs reads the evaluations of both states. It notes what is missing.
func (d *Diff) pairs(o Options, before, after *state.State) []*pair {
	byName := map[string]*pair{}
	at := func(name string) *pair {
		if byName[name] == nil {
			byName[name] = &pair{artifact: name}
		}
		return byName[name]
	}
	old, oldMissing := scores.Read(o.Store, before.Lock)
	for _, e := range old {
		at(e.Artifact).was = e
	}
	now, nowMissing := scores.Read(o.Store, after.Lock)
	for _, e := range now {
		at(e.Artifact).now = e
	}
	was, is := before.Made(), after.Made()
	d.Missing = slices.Concat([]Missing{}, missingOn("old", oldMissing, is), missingOn("new", nowMissing, was))
	var list []*pair
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		p := byName[name]
		lost := d.unread("old", p.was, was, name)
		if !d.unread("new", p.now, is, name) && !lost && !p.waits(before, after) {
			list = append(list, p)
		}
	}
	return list
}

// unread reports whether a state has an artifact that is an evaluation in the other one,
// and that could not be read. It notes that as missing.
func (d *Diff) unread(side string, e *scores.Evaluation, made map[string]artifacts.LockedArtifact, name string) bool {
	a, has := made[name]
	if e != nil || !has {
		return false
	}
	noted := func(m Missing) bool { return m.Side == side && m.Artifact == name }
	if !slices.ContainsFunc(d.Missing, noted) {
		why := "not in the store, or no evaluation"
		d.Missing = append(d.Missing, Missing{side, scores.Missing{Artifact: name, Digest: a.Digest.String(), Why: why}})
	}
	return true
}

// waits reports whether a state will have the evaluation once its node is run.
func (p *pair) waits(before, after *state.State) bool {
	node := p.artifact[:strings.LastIndexByte(p.artifact, '.')]
	return p.was == nil && slices.Contains(before.Unmade, node) || p.now == nil && slices.Contains(after.Unmade, node)
}

// missingOn returns what a state lacks, without what the other state has alike.
func missingOn(side string, list []scores.Missing, other map[string]artifacts.LockedArtifact) []Missing {
	var out []Missing
	for _, m := range list {
		if twin, ok := other[m.Artifact]; !ok || twin.Digest.String() != m.Digest {
			out = append(out, Missing{side, m})
		}
	}
	return out
}

// A group is the evaluations of one model and view, by one step.
type group struct {
	step, model, view string
	pairs             []*pair
}

// groupsOf groups the pairs in the order of their names, and leaves out groups in which
// nothing changed.
func groupsOf(all []*pair) []*group {
	var list []*group
	for _, p := range all {
		sides := p.sides()
		e := sides[len(sides)-1]
		i := slices.IndexFunc(list, func(g *group) bool { return g.step == e.Step && g.model == e.Model && g.view == e.View })
		if i < 0 {
			i = len(list)
			list = append(list, &group{step: e.Step, model: e.Model, view: e.View})
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
