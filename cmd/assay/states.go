package main

import (
	"context"
	"errors"
	"io"

	"golang.org/x/term"

	"assay/cmd/assay/internal/state"
	"assay/engine"
)

// findState returns the state of a recipe that a word names, or the committed one if it
// is empty.
func findState(ctx context.Context, o *options, file, word string) (*state.State, error) {
	f := &state.Finder{Recipe: file, Runs: runsDir(o.store)}
	if word == "" {
		return f.Committed(ctx)
	}
	s, err := f.Find(ctx, word)
	var usage *state.Usage
	if errors.As(err, &usage) {
		return nil, &usageError{err}
	}
	return s, err
}

// widthOf returns how wide text may be: that of the terminal, else 100 columns.
func widthOf(w io.Writer) int {
	const usual, least = 100, 60
	if !onTerminal(w) {
		return usual
	}
	width, _, err := term.GetSize(int(fileOf(w).Fd()))
	if err != nil || width == 0 {
		return usual
	}
	return max(width, least)
}

// current returns the state of the recipe as it is now, as far as it is in the store.
func (s *session) current(ctx context.Context) (*state.State, error) {
	results, plan, err := s.inspect(ctx, s.graph)
	if err != nil {
		return nil, err
	}
	var unmade []string
	for _, p := range plan {
		if p.State != engine.UpToDate {
			unmade = append(unmade, p.Node.Name())
		}
	}
	for _, l := range results.Graph.Later {
		unmade = append(unmade, l.Step)
	}
	return state.Current(s.opts.commandLine(s.file), s.graph.Recipe, results.Lock(), unmade), nil
}
