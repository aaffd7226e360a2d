package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/live"
	"assay/engine/graph"
)

// elsewhere are numbers that were measured somewhere else, as the original's producers take
// them. A number that is not given is not sent, or measured here.
type elsewhere struct {
	c       *cobra.Command
	metric  float64
	latency float64
}

func (e *elsewhere) register(c *cobra.Command) {
	e.c = c
	c.Flags().Float64Var(&e.metric, "also-metric", 0,
		"send also a model_metric of knn with this macro F1, a `number` measured elsewhere")
	c.Flags().Float64Var(&e.latency, "also-perf-latency-us", 0,
		"send also a model_perf of knn with this latency, a `number` of microseconds measured elsewhere")
}

func (e *elsewhere) check() error {
	switch {
	case !(e.metric >= 0 && e.metric <= 1):
		return usagef("--also-metric %v: want a macro F1 of 0 to 1", e.metric)
	case !(e.latency >= 0 && e.latency <= 1e12):
		return usagef("--also-perf-latency-us %v: want microseconds, 0 or more", e.latency)
	}
	return nil
}

// elsewhereName marks numbers that were not measured here.
const elsewhereName = "measured elsewhere"

// events returns the events of the numbers that were given.
func (e *elsewhere) events() ([]live.Event, error) {
	var out []live.Event
	if e.c.Flags().Changed("also-metric") {
		ev, err := live.Encode(live.Metric{
			Type: live.TypeMetric, Model: "knn", Split: elsewhereName, Metric: "macro_f1", Value: &e.metric,
		})
		if err != nil {
			return nil, err
		}
		out = append(out, ev)
	}
	if e.c.Flags().Changed("also-perf-latency-us") {
		ev, err := live.Encode(live.Perf{
			Type: live.TypePerf, Model: "knn", Split: elsewhereName, Latency: e.latency, Machine: elsewhereName,
		})
		if err != nil {
			return nil, err
		}
		out = append(out, ev)
	}
	return out, nil
}

// newPublishKNN makes the verb publish knn.
func newPublishKNN() *cobra.Command {
	var p publishFlags
	var also elsewhere
	var points int
	c := &cobra.Command{
		Use:   "knn RECIPE [NODE…]",
		Short: "send score and cost of the nearest neighbours",
		Long: `knn sends the macro F1 of each model of nearest neighbours in the store, and times its
predictions here and now: model_metric and model_perf, again in each cycle of --loop.`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := also.check(); err != nil {
				return err
			}
			if err := checkPoints(points); err != nil {
				return err
			}
			return p.publish(c, args, func(ctx context.Context, s *session) (cycle, error) {
				return s.publishKNN(ctx, args[1:], points, p.rate, &also)
			})
		},
	}
	p.register(c, 0, eventRate)
	also.register(c)
	c.Flags().IntVar(&points, "n-points", 80, "time each model on at most this `number` of windows")
	return c
}

// publishKNN returns a cycle that sends the score of the nearest neighbours and times them.
func (s *session) publishKNN(ctx context.Context, targets []string, points int, rate float64, also *elsewhere) (cycle,
	error) {
	f, err := s.finds(ctx)
	if err != nil {
		return nil, err
	}
	nodes, err := f.nodes(targets, "nearest neighbours (uses: train/knn)", func(n *graph.Node) bool {
		return n.Kind.Name == "train/knn"
	})
	if err != nil {
		return nil, err
	}
	said, err := also.events()
	if err != nil {
		return nil, err
	}
	scores, err := f.scoresOf(nodes)
	if err != nil {
		return nil, err
	}
	said = append(said, scores...)
	return func(ctx context.Context, to sink) error {
		if err := paced(ctx, to, rate, said); err != nil {
			return err
		}
		return f.timeAll(ctx, to, nodes, points, rate)
	}, nil
}

// scoresOf returns the measures of the evaluations that read from some nodes and are in the store.
func (f *finds) scoresOf(nodes []*graph.Node) ([]live.Event, error) {
	from := map[*graph.Node]bool{}
	for _, n := range nodes {
		from[n] = true
	}
	var list []live.Event
	for _, n := range f.rs.Graph.Nodes {
		if !isEval(n) || !from[upstream(n, "predictions")] || f.rs.Outcomes[n].Outputs == nil {
			continue
		}
		events, err := f.metrics(n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.Name(), err)
		}
		for _, ev := range events {
			if ev.Type == live.TypeMetric {
				list = append(list, ev)
			}
		}
	}
	return list, nil
}
