package diff

import (
	"context"
	"maps"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/cmd/assay/internal/scores"
	"assay/cmd/assay/internal/state"
	"assay/steps/kit/compare"
	"assay/steps/kit/measure"
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
		s := Scores{
			Measure: m.Name, Title: m.Title, Lower: m.Lower, Level: level, Evaluations: []Score{}, Means: []Score{},
		}
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
		lost := scores.Missing{Artifact: name, Digest: a.Digest.String(), Why: "not in the store, or no evaluation"}
		d.Missing = append(d.Missing, Missing{side, lost})
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
