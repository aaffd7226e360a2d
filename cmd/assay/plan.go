package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine"
)

// newPlan makes the verb plan.
func newPlan() *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "plan RECIPE [TARGET…]",
		Short: "say what would run, and why",
		Long: `plan says what run would do: which nodes will run, and which may run, each with the
reason. A node that may run reads what another node has yet to make; if that turns out
the same as before, the run skips the node. plan runs nothing.`,
		RunE: func(c *cobra.Command, args []string) error {
			return o.withSession(c, args, func(s *session) error { return s.plan(c, args[1:]) })
		},
	}
	o.register(c)
	o.registerRemote(c)
	return c
}

// plan plans what the targets need.
func (s *session) plan(c *cobra.Command, targets []string) error {
	g, err := s.graph.Select(targets)
	if err != nil {
		return &usageError{err}
	}
	plan, err := s.engine().Plan(c.Context(), g)
	if err != nil {
		return err
	}
	s.printPlan(plan)
	return nil
}

// printPlan lists the nodes that are not up to date, and counts all.
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
