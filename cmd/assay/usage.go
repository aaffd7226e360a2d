package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// usageError is a mistake on the command line.
type usageError struct{ err error }

// Error implements error.
func (e *usageError) Error() string { return e.err.Error() }

// Unwrap returns what is wrong.
func (e *usageError) Unwrap() error { return e.err }

// usagef returns a mistake on the command line.
func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// atMost refuses a command line with more than n arguments; msg says what the verb takes.
func atMost(n int, msg string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > n {
			return usagef("%s", msg)
		}
		return nil
	}
}
