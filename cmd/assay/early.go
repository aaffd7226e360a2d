package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/display"
	"assay/cmd/assay/internal/plain"
	"assay/engine/journal"
	"assay/engine/recipe"
)

// early reports, with --log-format json, why a run did not start: mistakes of the recipe
// and errors of the store become lines of JSON too, and an end follows. It returns the
// error that is still to be shown.
func (l *displayFlags) early(c *cobra.Command, err error) error {
	var shown *shownError
	if err == nil || l.format != formatJSON || errors.As(err, &shown) {
		return err
	}
	newWatchLog(c.ErrOrStderr(), l).failed(c.Context(), err)
	outcome, code := journal.Failed, exitCode(journal.Failed, err)
	mistakes := recipe.MistakesIn(err)
	switch {
	case c.Context().Err() != nil:
		err = context.Cause(c.Context())
		outcome, code = journal.Interrupted, exitInterrupted
	case len(mistakes) > 0:
		err = errors.New(plain.Plural(len(mistakes), "mistake") + nothingRun)
	}
	display.NewJSON(c.ErrOrStderr()).End(outcome, journal.Counts{}, err)
	return &shownError{err, code}
}

// warner returns the function that shows the warnings of the store.
func (o *options) warner(c *cobra.Command) func(string) {
	if o.programs {
		return display.NewJSON(c.ErrOrStderr()).Warn
	}
	return func(msg string) { fmt.Fprintf(c.ErrOrStderr(), "warning: %s\n", plain.PrintableLines(msg)) }
}
