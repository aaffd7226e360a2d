package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"assay/engine"
)

func newRun() *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "run RECIPE [TARGET…]",
		Short: "run what is not up to date",
		Long: `run brings a recipe up to date, or only the targets and what they need. What it
makes is kept in the store; the artifacts under "outputs:" are put where the
recipe says, and the lock is written beside the recipe. With targets or --set
the lock is left as it is, since it is about the whole recipe as written.`,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := o.open(c, args)
			if err != nil {
				return err
			}
			defer s.store.Close()
			return s.run(c, args[1:])
		},
	}
	o.register(c)
	return c
}

func (s *session) run(c *cobra.Command, targets []string) error {
	began := time.Now()
	g, err := s.graph.Select(targets)
	if err != nil {
		return &usageError{err}
	}
	e := s.engine()
	show := newProgress(s.err, g)
	e.Observe = show.observe
	results, err := e.Run(c.Context(), g)
	show.close()
	if err != nil {
		return err
	}
	s.summarize(results, time.Since(began))
	if err := s.publish(results); err != nil {
		return err
	}
	if len(targets) == 0 && len(s.opts.sets) == 0 {
		return s.writeLock(results)
	}
	return nil
}

// summarize says in one line what a run came to.
func (s *session) summarize(rs *engine.Results, took time.Duration) {
	ran := 0
	for _, o := range rs.Outcomes {
		if o.Ran > 0 {
			ran++
		}
	}
	total := len(rs.Outcomes)
	if ran == 0 {
		fmt.Fprintf(s.out, "everything is up to date (%s, %s)\n", plural(total, "node"), round(took))
		return
	}
	fmt.Fprintf(s.out, "ran %s of %d in %s\n", plural(ran, "node"), total, round(took))
}

// round makes a duration readable.
func round(d time.Duration) time.Duration {
	if d > 10*time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(10 * time.Millisecond)
}

func (s *session) writeLock(rs *engine.Results) error {
	wrote, err := rs.Lock().Write(s.lockPath())
	if err != nil {
		return fmt.Errorf("the lock: %w", err)
	}
	state := "unchanged"
	if wrote {
		state = "written; commit it beside the recipe"
	}
	fmt.Fprintf(s.out, "lock: %s (%s)\n", filepath.ToSlash(s.lockPath()), state)
	return nil
}
