// Package diff says what changed between two states of a recipe: values of the recipe,
// sources, steps, and scores with their paired differences.
//
// Call [New], then [Diff.Text], [Diff.Markdown], or write the Diff as JSON. The fields of
// [Diff] are documented in docs/RECIPES.md. Read diff.go first.
package diff

import (
	"context"
	"slices"

	"assay/artifacts/store"
	"assay/cmd/assay/internal/scores"
	"assay/cmd/assay/internal/state"
)

// A Diff is what changed. Lists are empty, not absent, where nothing did.
type Diff struct {
	Recipe   string          `json:"recipe"`
	Old      Side            `json:"old"`
	New      Side            `json:"new"`
	Settings []SettingChange `json:"settings"`
	Sources  []SourceChange  `json:"sources"`
	Steps    []StepChange    `json:"steps"`
	Same     int             `json:"same_artifacts"` // that both states have
	Metrics  []Scores        `json:"metrics"`        // one for each measure asked for
	Missing  []Missing       `json:"missing"`        // evaluations that could not be read
}

// A Side is one of the two states.
type Side struct {
	State  string   `json:"state"`
	About  string   `json:"about"`
	Silent string   `json:"settings_unknown,omitempty"` // why the settings could not be compared
	Unmade []string `json:"not_made"`                   // nodes without results
	Remedy string   `json:"remedy"`                     // how to make what is missing
}

// A SourceChange is a source whose files changed; a digest is empty where there is none.
type SourceChange struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// Missing is an evaluation of one of the states that cannot be read.
type Missing struct {
	Side string `json:"side"` // "old" or "new"
	scores.Missing
}

// Empty reports whether the states are the same, as far as is known.
func (d *Diff) Empty() bool {
	return len(d.Settings)+len(d.Sources)+len(d.Steps)+len(d.Old.Unmade)+len(d.New.Unmade) == 0
}

// Options say what to compare.
type Options struct {
	Recipe   string
	Measures []string // those that compare.Measures lists
	Store    *store.Store
}

// New compares two states. What the store no longer has is in Missing, and the rest is
// compared.
func New(ctx context.Context, o Options, before, after *state.State) (*Diff, error) {
	d := &Diff{Recipe: o.Recipe, Old: sideOf(before), New: sideOf(after), Settings: []SettingChange{}}
	if before.Silent == "" && after.Silent == "" {
		d.Settings = compareSettings(before.Settings, after.Settings)
	}
	d.Sources = compareSources(before, after)
	d.Steps, d.Same = compareSteps(o.Store, before, after)
	err := d.score(ctx, o, before, after)
	return d, err
}

func sideOf(s *state.State) Side {
	unmade := slices.Clone(s.Unmade)
	if unmade == nil {
		unmade = []string{}
	}
	return Side{State: s.Name, About: s.About, Silent: s.Silent, Unmade: unmade, Remedy: s.Remedy}
}

// compareSources lists the sources that differ. Those of a state that has nodes without
// results may be unknown.
func compareSources(before, after *state.State) []SourceChange {
	out := []SourceChange{}
	now := map[string]string{}
	for _, s := range after.Lock.Sources {
		now[s.Name] = s.Digest.String()
	}
	for _, s := range before.Lock.Sources {
		d := now[s.Name]
		delete(now, s.Name)
		if d != s.Digest.String() && (d != "" || len(after.Unmade) == 0) {
			out = append(out, SourceChange{s.Name, s.Digest.String(), d})
		}
	}
	for _, s := range after.Lock.Sources {
		if d, left := now[s.Name]; left && len(before.Unmade) == 0 {
			out = append(out, SourceChange{s.Name, "", d})
		}
	}
	return out
}
