package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/display"
	"assay/cmd/assay/internal/plain"
	"assay/engine/journal"
)

// early says, where a run is shown to programs, why there was none: what is wrong
// with the recipe, or with the store, is lines for programs too, and an end follows.
// It returns the error that is left to show.
func (l *displayFlags) early(c *cobra.Command, err error) error {
	var told *shownError
	if err == nil || l.format != formatJSON || errors.As(err, &told) {
		return err
	}
	newWatchLog(c.ErrOrStderr(), l).failed(c.Context(), err)
	outcome, code := journal.Failed, exitCode(journal.Failed, err)
	var mistakes *multierror.Error
	switch {
	case c.Context().Err() != nil:
		err = context.Cause(c.Context())
		outcome, code = journal.Interrupted, exitInterrupted
	case errors.As(err, &mistakes):
		err = errors.New(plain.Plural(len(mistakes.Errors), "mistake") + "; nothing was run")
	}
	display.NewJSON(c.ErrOrStderr()).End(outcome, journal.Counts{}, err)
	return &shownError{err, code}
}

// warner returns what shows a warning of the store.
func (o *options) warner(c *cobra.Command) func(string) {
	if o.programs {
		return display.NewJSON(c.ErrOrStderr()).Warn
	}
	return func(msg string) { fmt.Fprintf(c.ErrOrStderr(), "warning: %s\n", plain.PrintableLines(msg)) }
}
