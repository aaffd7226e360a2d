package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"assay/engine/journal"
	"assay/engine/recipe"
)

// run returns the state that a past run left.
func (f *Finder) run(_ context.Context, name string) (*State, error) {
	r, err := journal.Find(f.Runs, name)
	if err != nil {
		return nil, usagef("%v; list the runs with: assay runs", err)
	}
	if r.Outcome == journal.Damaged {
		return nil, fmt.Errorf("cannot read the journal of run %s: %s is damaged", r.ID, r.Dir())
	}
	if filepath.Base(r.Recipe) != filepath.Base(f.Recipe) {
		return nil, usagef("run %s is of the recipe %s, not of %s", r.ID, r.Recipe, f.Recipe)
	}
	made, err := r.Made()
	if errors.Is(err, journal.ErrNotMade) {
		return nil, fmt.Errorf("run %s (%s) left no results to compare: only runs that end well do, of this version of "+
			"assay or a later one", r.ID, r.Outcome)
	}
	if err != nil {
		return nil, err
	}
	return f.stateOf(r, made)
}

func (f *Finder) stateOf(r *journal.Run, made *journal.Made) (*State, error) {
	l, err := ParseLock("the lock of run "+r.ID, made.Lock)
	if err != nil {
		return nil, err
	}
	command := strings.Join(append([]string{"assay", r.Verb, r.Recipe}, r.Args...), " ")
	s := &State{
		Name: runPrefix + r.ID, About: command, Lock: l, Unmade: made.Unmade,
		Remedy: command + ", as the recipe was then",
	}
	if s.Settings, err = parseSettings(made.Settings); err != nil {
		s.Silent = fmt.Sprintf("the settings of run %s are damaged: %v", r.ID, err)
	}
	return s, nil
}

// parseSettings reads settings as [json.Marshal] writes them.
func parseSettings(text []byte) ([]recipe.Setting, error) {
	var list []recipe.Setting
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, err
	}
	return list, nil
}
