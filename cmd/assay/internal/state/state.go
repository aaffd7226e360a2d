// Package state finds the states of a recipe that can be compared: a git revision, a lock
// file, a past run, or the recipe as it is now.
//
// Call [Finder.Find] with the word of a user, [Finder.Committed] for what a comparison
// starts from if the user names nothing, or [Current]. Read state.go first, then find.go.
package state

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/engine/recipe"
)

// A State is what a recipe said and made at some time.
type State struct {
	Name     string // as a user writes it: "git:HEAD~1"
	About    string // what it is, for people: the commit, or the command line of a run
	Lock     *artifacts.Lock
	Settings []recipe.Setting
	Silent   string   // why the settings are not known; "" if they are
	Unmade   []string // nodes that the recipe has and that Lock has nothing of
	Remedy   string   // how to make again what is no longer in the store
}

// Made returns the artifacts by name.
func (s *State) Made() map[string]artifacts.LockedArtifact {
	made := make(map[string]artifacts.LockedArtifact, len(s.Lock.Artifacts))
	for _, a := range s.Lock.Artifacts {
		made[a.Name] = a
	}
	return made
}

// Current returns the state of a recipe as it is now. Its lock has what is in the store.
func Current(name string, r *recipe.Recipe, lock *artifacts.Lock, unmade []string) *State {
	lock.Text() // sorts
	return &State{
		Name: name, About: "the recipe as it is now", Lock: lock, Settings: r.Settings, Unmade: unmade,
		Remedy: "assay run " + name,
	}
}

// The limits of what is read of a state.
const (
	maxLock      = 64 << 20 // bytes
	maxArtifacts = 200_000
)

// ParseLock reads the text of a lock that somebody else may have written. Errors begin
// with where it was found.
func ParseLock(where string, text []byte) (*artifacts.Lock, error) {
	if len(text) > maxLock {
		return nil, fmt.Errorf("%s has more than %d bytes", where, maxLock)
	}
	l, err := artifacts.ParseLock(text)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", where, err)
	}
	if len(l.Artifacts) > maxArtifacts {
		return nil, fmt.Errorf("%s has %d artifacts, the limit is %d", where, len(l.Artifacts), maxArtifacts)
	}
	if err := checkNames(l); err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	return l, nil
}

// checkNames refuses names that no recipe can give, and those that occur twice. It leaves
// the lock sorted.
func checkNames(l *artifacts.Lock) error {
	l.Text() // sorts
	for i, a := range l.Artifacts {
		if !strings.Contains(a.Name, ".") {
			return fmt.Errorf("%q is no artifact: want NODE.OUTPUT", a.Name)
		}
		if i > 0 && l.Artifacts[i-1].Name == a.Name {
			return fmt.Errorf("artifact %q occurs twice; make the lock again with: assay run", a.Name)
		}
	}
	twice := func(a, b artifacts.LockedSource) bool { return a.Name == b.Name }
	if len(slices.CompactFunc(slices.Clone(l.Sources), twice)) < len(l.Sources) {
		return errors.New("a source occurs twice; make the lock again with: assay run")
	}
	return nil
}
