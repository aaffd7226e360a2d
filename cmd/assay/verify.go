package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/journal"
)

// newVerify makes the verb verify.
func newVerify() *cobra.Command {
	var o options
	var how displayFlags
	c := &cobra.Command{
		Use:   "verify RECIPE",
		Short: "run, and compare with the committed lock",
		Long: `verify runs what is not in the store, hashes what is, and compares every source and
artifact with the lock beside the recipe. If one differs, it exits with 1 and names the
step, the artifact and both digests. It never writes the lock.`,
		Args: atMost(1, "verify takes a recipe and no targets: a lock is about the whole recipe"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := how.check(); err != nil {
				return err
			}
			if err := needsFile(c, args, "the lock lies beside it"); err != nil {
				return err
			}
			o.programs = how.format == formatJSON
			return how.early(c, o.withSession(c, args, func(s *session) error { return s.verify(c, &how) }))
		},
	}
	o.register(c)
	o.registerRemote(c)
	how.register(c)
	return c
}

// verify runs the recipe, and compares the results with the lock.
func (s *session) verify(c *cobra.Command, how *displayFlags) (err error) {
	want, err := artifacts.ReadLock(s.lockPath())
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no lock %s; make it with: assay run %s", s.lockPath(), s.file)
	}
	if err != nil {
		return err
	}
	e := s.engine()
	e.Deep = true
	t := s.startLog(c, how, nil, e, s.graph, true)
	defer func() { err = t.end(c.Context(), err) }()
	var results *engine.Results
	defer func() { s.closeRemote(c.Context(), results) }()
	results, err = e.Run(c.Context(), s.graph)
	t.show.Close()
	if err != nil {
		return err
	}
	t.keep(s, results)
	diffs := want.Compare(results.Lock())
	for _, d := range diffs {
		fmt.Fprintln(s.out, d)
	}
	if len(diffs) > 0 {
		t.outcome = journal.Differs
		return fmt.Errorf("the results differ from %s in %s", s.lockPath(), plain.Plural(len(diffs), "place"))
	}
	fmt.Fprintf(s.out, "verified: %s and %s match %s\n", plain.Plural(len(want.Sources), "source"),
		plain.Plural(len(want.Artifacts), "artifact"), s.lockPath())
	return nil
}
