package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/graph"
)

// newPlan makes the verb plan.
func newPlan() *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "plan RECIPE [TARGET…]",
		Short: "say what would run, and why",
		Long: `plan says what run would do: which nodes will run, and which may run, each with the
reason. A node that may run reads what another node has yet to make; if that turns out
the same as before, the run skips the node. The nodes of a step are unknown while its
axes take their values from what has yet to be made. plan runs nothing.`,
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
	g, err := s.narrow(targets)
	if err != nil {
		return err
	}
	rs, plan, err := s.inspect(c.Context(), g)
	if err != nil {
		return err
	}
	s.printPlan(plan, rs.Graph.Later)
	return nil
}

// printPlan lists the nodes that are not up to date and the steps that are not known yet, and counts all.
func (s *session) printPlan(plan []engine.Planned, later []*graph.Later) {
	var count [3]int
	width := 0
	for _, p := range plan {
		count[p.State]++
		if p.State != engine.UpToDate {
			width = max(width, len(p.Node.Name()))
		}
	}
	for _, l := range later {
		width = max(width, len(l.Step))
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
	for _, l := range later {
		fmt.Fprintf(s.out, "%-8s  %-*s  %s\n", "unknown", width, l.Step, unknownBecause(l))
	}
	if count[engine.WillRun]+count[engine.MayRun]+len(later) == 0 {
		fmt.Fprintf(s.out, "everything is up to date (%s)\n", plain.Plural(len(plan), "node"))
		return
	}
	rest := ""
	if len(later) > 0 {
		rest = fmt.Sprintf(", %s unknown", plain.Plural(len(later), "step"))
	}
	fmt.Fprintf(s.out, "%d will run, %d may run, %d up to date%s\n", count[engine.WillRun], count[engine.MayRun],
		count[engine.UpToDate], rest)
}

// unknownBecause says what is not known of a step, and until when.
func unknownBecause(l *graph.Later) string {
	what := "unknown number of nodes"
	if l.Known {
		what = "reads an " + what
	}
	return what + ", after " + strings.Join(l.Waits(), ", ")
}
