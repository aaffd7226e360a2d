package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/live/produce"
	"assay/engine/graph"
	"assay/engine/step"
	"assay/steps/kit/table"
)

// replayFlags are what only a replay has.
type replayFlags struct {
	episode string
	rate    float64
}

// newPublishReplay makes the verb publish replay.
func newPublishReplay() *cobra.Command {
	var p publishFlags
	var r replayFlags
	c := &cobra.Command{
		Use:   "replay RECIPE [NODE…]",
		Short: "replay recorded episodes with predictions",
		Long: `replay tells recorded test episodes again in their own time, or faster with --rate: for
each window what was measured, the true phase, and what each model says, as
telemetry_window and window_prediction. NODE is a step that trains; without one, all
models of the first split and view speak. Episodes of many phases come first.`,
		RunE: func(c *cobra.Command, args []string) error {
			if p.rate == 0 {
				return usagef("--rate 0: want how many times as fast as it was recorded, such as 1")
			}
			return p.publish(c, args, func(ctx context.Context, s *session) (cycle, error) {
				r.rate = p.rate
				return s.publishReplay(ctx, args[1:], &r)
			})
		},
	}
	p.register(c, 1, "replay so many `times` as fast as it was recorded")
	c.Flags().StringVar(&r.episode, "episode", "", "replay only this episode, `HOST/EPISODE`")
	return c
}

// publishReplay returns a cycle that replays the episodes of a split.
func (s *session) publishReplay(ctx context.Context, targets []string, o *replayFlags) (cycle, error) {
	f, err := s.finds(ctx)
	if err != nil {
		return nil, err
	}
	nodes, err := f.voices(targets)
	if err != nil {
		return nil, err
	}
	windows, err := f.input(nodes[0], "windows")
	if err != nil {
		return nil, err
	}
	w, err := table.ReadWindows(windows)
	if err != nil {
		return nil, err
	}
	var voices []produce.Voice
	for _, n := range nodes {
		said, err := f.predictions(n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.Name(), err)
		}
		voices = append(voices, produce.Voice{Name: nameOf(n), Said: said})
	}
	r, err := produce.NewReplay(w, spanOf(upstream(nodes[0], "windows")), voices, o.episode)
	if err != nil {
		return nil, usagef("%w", err)
	}
	return func(ctx context.Context, to sink) error { return replay(ctx, r, to, o.rate) }, nil
}

// voices returns the trainers whose predictions are replayed: those that are wanted, or all of
// the first split and view.
func (f *finds) voices(targets []string) ([]*graph.Node, error) {
	nodes, err := f.nodes(targets, "predictions of a model (uses: train/…)", isTrainer)
	if err != nil {
		return nil, err
	}
	first := nodes[0]
	others := func(n *graph.Node) bool {
		return upstream(n, "windows") != upstream(first, "windows") ||
			len(targets) == 0 && !slices.Equal(n.Labels, first.Labels)
	}
	if kept := slices.DeleteFunc(slices.Clone(nodes), others); len(targets) == 0 || len(kept) == len(nodes) {
		return kept, nil
	}
	return nil, usagef("%s and others read different windows; replay them one after the other", first.Name())
}

// spanOf returns how long the windows of a node of features are, in seconds; 0 if it does not say.
func spanOf(n *graph.Node) float64 {
	var p struct {
		Window step.Duration `json:"window"`
	}
	if n == nil || json.Unmarshal(n.Params, &p) != nil {
		return 0
	}
	return p.Window.Seconds()
}

// replay sends the episodes one after the other, each window at its time.
func replay(ctx context.Context, r *produce.Replay, to sink, rate float64) error {
	for i := range r.Episodes() {
		_, moments, err := r.Episode(i)
		if err != nil {
			return err
		}
		last := 0.0
		for k, m := range moments {
			if k > 0 {
				if err := sleep(ctx, (m.T-last)/rate); err != nil {
					return err
				}
			}
			last = m.T
			if err := to.Send(m.Events...); err != nil {
				return err
			}
		}
		if err := sleep(ctx, 1/rate); err != nil {
			return err
		}
	}
	return nil
}
