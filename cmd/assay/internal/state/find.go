package state

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"assay/engine/graph"
	"assay/engine/journal"
)

// A Finder finds states of one recipe.
type Finder struct {
	Recipe string // its file
	Runs   string // the store's folder of runs
}

// A Usage is a word that names no state, or several.
type Usage struct{ text string }

// Error implements error.
func (u *Usage) Error() string { return u.text }

func usagef(format string, args ...any) error { return &Usage{fmt.Sprintf(format, args...)} }

// The prefixes that say what a word is.
const (
	gitPrefix  = "git:"
	lockPrefix = "lock:"
	runPrefix  = "run:"
)

// Find returns the state that a word names: "git:REV", "lock:FILE" or "run:RUN". Without
// a prefix it is whichever of these exists; if several do, the word is refused.
func (f *Finder) Find(ctx context.Context, word string) (*State, error) {
	for prefix, find := range map[string]func(context.Context, string) (*State, error){
		gitPrefix: f.git, lockPrefix: f.lock, runPrefix: f.run,
	} {
		if rest, ok := strings.CutPrefix(word, prefix); ok {
			if rest == "" {
				return nil, usagef("%q names nothing; write %sNAME", word, prefix)
			}
			return find(ctx, rest)
		}
	}
	word, err := f.resolve(ctx, word)
	if err != nil {
		return nil, err
	}
	return f.Find(ctx, word)
}

// resolve returns a word with the prefix of what it names.
func (f *Finder) resolve(ctx context.Context, word string) (string, error) {
	var found []string
	if st, err := os.Stat(word); err == nil && st.Mode().IsRegular() {
		found = append(found, lockPrefix+word)
	}
	if _, err := f.repository().commit(ctx, word); err == nil {
		found = append(found, gitPrefix+word)
	}
	if _, err := journal.Find(f.Runs, word); err == nil {
		found = append(found, runPrefix+word)
	}
	switch len(found) {
	case 0:
		return "", usagef("%q is no git revision, no lock file and no run; list the runs with: assay runs", word)
	case 1:
		return found[0], nil
	}
	return "", usagef("%q is ambiguous; write %s", word, strings.Join(found, " or "))
}

// Committed returns the state at HEAD, or that of the lock beside the recipe if git or
// HEAD has none.
func (f *Finder) Committed(ctx context.Context) (*State, error) {
	s, gitErr := f.git(ctx, "HEAD")
	if none := (absent{}); !errors.As(gitErr, &none) || ctx.Err() != nil {
		return s, gitErr
	}
	s, err := f.lock(ctx, graph.LockPath(f.Recipe))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is nothing to compare %s with: %w, and there is no %s; make one with: assay run %s",
			f.Recipe, gitErr, graph.LockPath(f.Recipe), f.Recipe)
	}
	return s, err
}

// lock returns the state of a lock file.
func (f *Finder) lock(_ context.Context, path string) (*State, error) {
	text, err := readFile(path, maxLock)
	if err != nil {
		return nil, err
	}
	l, err := ParseLock(path, text)
	if err != nil {
		return nil, err
	}
	return &State{
		Name: lockPrefix + filepath.ToSlash(path), About: "a lock file", Lock: l,
		Silent: "a lock file does not hold its recipe",
		Remedy: "assay run " + f.Recipe + ", as the recipe was when the lock was written",
	}, nil
}

// readFile reads a regular file, and a byte more than most of a longer one.
func readFile(path string, most int64) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most+1))
}
