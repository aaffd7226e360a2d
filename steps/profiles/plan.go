package profiles

import (
	"fmt"
	"slices"
	"strings"

	"assay/engine/step"
	"assay/steps/kit/profile"
	"assay/steps/kit/spelling"
	"assay/steps/kit/table"
)

// A task is a profile and the episodes to read for it.
type task struct {
	profile.Subject
	episodes []table.Key
}

// A plan is what to read, and why the rest is not used.
type plan struct {
	tasks   []task
	known   []string             // the profiles of the index, in order
	reasons map[table.Key]string // why an episode is not used; absent if it is
}

// newPlan chooses the episodes of each profile.
func newPlan(p *Params, index []table.Episode) *plan {
	out := &plan{reasons: map[table.Key]string{}}
	of := map[string][]table.Key{}
	subjects := p.subjects()
	for i := range index {
		e := &index[i]
		out.known = append(out.known, e.Profile)
		if why := without(p, subjects, e); why != "" {
			out.reasons[e.Key] = why
			continue
		}
		of[e.Profile] = append(of[e.Profile], e.Key)
	}
	slices.Sort(out.known)
	out.known = slices.Compact(out.known)
	for _, s := range subjects {
		keys := profile.Order(p.Seed, s.Profile, of[s.Profile])
		for i, k := range keys[min(p.N, len(keys)):] {
			out.reasons[k] = fmt.Sprintf("beyond n: it is number %d of %d in turn", p.N+i+1, len(keys))
		}
		out.tasks = append(out.tasks, task{s, keys[:min(p.N, len(keys))]})
	}
	return out
}

// without says why an episode has no turn; "" if it has one.
func without(p *Params, subjects []profile.Subject, e *table.Episode) string {
	switch {
	case !p.uses(e.Status):
		return fmt.Sprintf("it is %s", e.Status)
	case e.Profile == "":
		return "its profile is unknown"
	case !slices.ContainsFunc(subjects, func(s profile.Subject) bool { return s.Profile == e.Profile }):
		return fmt.Sprintf("no channel is named for the profile %q", e.Profile)
	}
	return ""
}

// len returns the number of episodes to read.
func (p *plan) len() int {
	n := 0
	for _, t := range p.tasks {
		n += len(t.episodes)
	}
	return n
}

// warn names the profiles without an envelope.
func (p *plan) warn(r step.Reporter, made []*profile.Envelope) {
	r.Count("profiles", len(made))
	r.Count("episodes not used", len(p.reasons))
	var lost []string
	for _, t := range p.tasks {
		if !slices.ContainsFunc(made, func(e *profile.Envelope) bool { return e.Profile == t.Profile }) {
			lost = append(lost, p.called(t))
		}
	}
	if len(lost) > 0 {
		r.Warnf("no episode is used of %s; %s says why", strings.Join(lost, ", "), episodesFile)
	}
}

// called names the profile of a task, with what was probably meant if the index does not
// have it.
func (p *plan) called(t task) string {
	if _, has := slices.BinarySearch(p.known, t.Profile); has {
		return t.Profile
	}
	if near := spelling.Nearest(t.Profile, p.known); near != "" {
		return fmt.Sprintf("%s (the store has none, but %s)", t.Profile, near)
	}
	return t.Profile + " (the store has none)"
}
