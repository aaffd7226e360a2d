package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/live"
	"assay/cmd/assay/internal/live/produce"
	"assay/engine/graph"
)

// eventRate is the help text of --rate where events have no time of their own.
const eventRate = "send at most so many `events` a second; 0 is as fast as possible"

// newPublishMetrics makes the verb publish metrics.
func newPublishMetrics() *cobra.Command {
	var p publishFlags
	c := &cobra.Command{
		Use:   "metrics RECIPE [NODE…]",
		Short: "send measures and confusions",
		Long: `metrics sends the measures of every evaluation in the store, with confidence intervals,
and the confusion matrices: model_metric and confusion_matrix.`,
		RunE: func(c *cobra.Command, args []string) error {
			return p.publish(c, args, func(ctx context.Context, s *session) (cycle, error) {
				return s.publishMetrics(ctx, args[1:], p.rate)
			})
		},
	}
	p.register(c, 0, eventRate)
	return c
}

// publishMetrics returns a cycle that sends the evaluations in the store.
func (s *session) publishMetrics(ctx context.Context, targets []string, rate float64) (cycle, error) {
	f, err := s.finds(ctx)
	if err != nil {
		return nil, err
	}
	nodes, err := f.nodes(targets, "an evaluation (uses: eval)", isEval)
	if err != nil {
		return nil, err
	}
	var events []live.Event
	for _, n := range nodes {
		some, err := f.metrics(n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.Name(), err)
		}
		events = append(events, some...)
	}
	return func(ctx context.Context, to sink) error { return paced(ctx, to, rate, events) }, nil
}

func isEval(n *graph.Node) bool { return n.Kind.Name == "eval" }

// metrics returns the events of an evaluation, under the name of the step that predicted.
func (f *finds) metrics(n *graph.Node) ([]live.Event, error) {
	report, err := f.output(n, "report")
	if err != nil {
		return nil, err
	}
	name := nameOf(n)
	if up := upstream(n, "predictions"); up != nil {
		name.Model = up.Step
	}
	return produce.Metrics(name, report)
}
