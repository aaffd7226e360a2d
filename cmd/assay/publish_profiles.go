package main

import (
	"context"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/live/produce"
	"assay/engine/graph"
)

// newPublishProfiles makes the verb publish profiles.
func newPublishProfiles() *cobra.Command {
	var p publishFlags
	var also elsewhere
	var points int
	c := &cobra.Command{
		Use:   "profiles RECIPE [NODE…]",
		Short: "send how each attack looks",
		Long: `profiles sends the envelopes of the kind profiles: one attack_profile for each profile,
the median of its episodes in the channel that it is known by, from the first phase to
the last.`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := also.check(); err != nil {
				return err
			}
			if points < 2 || points > 2000 {
				return usagef("--n-points %d: want 2 to 2000", points)
			}
			return p.publish(c, args, func(ctx context.Context, s *session) (cycle, error) {
				return s.publishProfiles(ctx, args[1:], points, p.rate, &also)
			})
		},
	}
	p.register(c, 0, eventRate)
	also.register(c)
	c.Flags().IntVar(&points, "n-points", 80, "the `number` of points of a curve")
	return c
}

// publishProfiles returns a cycle that sends the envelopes in the store.
func (s *session) publishProfiles(ctx context.Context, targets []string, points int, rate float64,
	also *elsewhere) (cycle, error) {
	f, err := s.finds(ctx)
	if err != nil {
		return nil, err
	}
	nodes, err := f.nodes(targets, "profiles (uses: profiles)", func(n *graph.Node) bool {
		return n.Kind.Name == "profiles"
	})
	if err != nil {
		return nil, err
	}
	events, err := also.events()
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		files, err := f.output(n, n.Outputs[0].Name)
		if err != nil {
			return nil, err
		}
		some, err := produce.Profiles(files, points)
		if err != nil {
			return nil, err
		}
		events = append(events, some...)
	}
	return func(ctx context.Context, to sink) error { return paced(ctx, to, rate, events) }, nil
}
