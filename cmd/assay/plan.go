package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine"
)

func newPlan() *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "plan RECIPE [TARGET…]",
		Short: "say what would run, and why",
		Long: `plan says what run would do: which nodes will run, which may run (they read what
another one has yet to make, and are skipped if that comes out as before), each
with the reason. It runs nothing.`,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := o.open(c, args)
			if err != nil {
				return err
			}
			defer s.store.Close()
			g, err := s.graph.Select(args[1:])
			if err != nil {
				return &usageError{err}
			}
			plan, err := s.engine().Plan(c.Context(), g)
			if err != nil {
				return err
			}
			s.printPlan(plan)
			return nil
		},
	}
	o.register(c)
	return c
}

func (s *session) printPlan(plan []engine.Planned) {
	var count [3]int
	width := 0
	for _, p := range plan {
		count[p.State]++
		if p.State != engine.UpToDate {
			width = max(width, len(p.Node.Name()))
		}
	}
	for _, p := range plan {
		if p.State == engine.UpToDate {
			continue
		}
		reasons := p.Reasons.String()
		if p.Actions > 1 {
			reasons = fmt.Sprintf("%d of %s: %s", p.Run, plain.Plural(p.Actions, "shard"), reasons)
		}
		fmt.Fprintf(s.out, "%-8s  %-*s  %s\n", p.State, width, p.Node.Name(), reasons)
	}
	if count[engine.WillRun]+count[engine.MayRun] == 0 {
		fmt.Fprintf(s.out, "everything is up to date (%s)\n", plain.Plural(len(plan), "node"))
		return
	}
	fmt.Fprintf(s.out, "%d will run, %d may run, %d up to date\n", count[engine.WillRun], count[engine.MayRun],
		count[engine.UpToDate])
}
