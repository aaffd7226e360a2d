package graph

import (
	"slices"
	"strings"
)

// sorted returns the steps, each after those it depends on, and adds a mistake
// for every ring of steps.
func (b *builder) sorted() []*builtStep {
	var out []*builtStep
	state := map[*builtStep]visit{}
	var enter func(s *builtStep, trail []string)
	enter = func(s *builtStep, trail []string) {
		trail = append(trail, s.recipe.Name)
		switch state[s] {
		case done:
			return
		case active:
			from := slices.Index(trail, s.recipe.Name)
			b.ms.Add(s.recipe.Pos, "", "step %s depends on itself: %s", s.recipe.Name, strings.Join(trail[from:],
				" needs "))
			return
		}
		state[s] = active
		for ref := range s.recipe.Reads() {
			if up := b.steps[ref.Step]; up != nil && ref.Port != "" {
				enter(up, trail)
			}
		}
		state[s] = done
		out = append(out, s)
	}
	for _, s := range b.r.Steps {
		enter(b.steps[s.Name], nil)
	}
	return out
}

// visit is how far a search has got with a step.
type visit int

const (
	unseen visit = iota
	active
	done
)
