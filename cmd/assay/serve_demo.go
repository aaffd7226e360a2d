package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/live"
	"assay/cmd/assay/internal/live/hub"
	"assay/cmd/assay/internal/plain"
	"assay/engine/recipe"
	"assay/engine/step"
)

// demoRecipe is what a demo runs unless a recipe is named, as far as its targets need.
const demoRecipe = "recipes/paper.yaml"

// demoTargets are what takes seconds, not minutes, and fills every scene.
func demoTargets() []string { return []string{"profiles", "eval", "knn-eval", "mlp-eval"} }

// A demo runs a recipe and sends what it made to the dashboard of the same process.
type demo struct {
	flags  *serveFlags
	c      *cobra.Command
	recipe string
	to     sink
}

// hubSink is a sink that needs no network.
type hubSink struct{ hub *hub.Hub }

// Send implements sink. A hub that is full for a moment is waited for.
func (h hubSink) Send(events ...live.Event) error {
	for range 100 {
		err := h.hub.Publish(events...)
		if !errors.Is(err, hub.ErrFull) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return hub.ErrFull
}

// run runs the recipe, and then the producers until the context ends.
func (d *demo) run(ctx context.Context) {
	var targets []string
	if d.recipe == "" {
		d.recipe, targets = demoRecipe, demoTargets()
	}
	if err := d.bringUpToDate(ctx, targets); err != nil {
		d.say(ctx, fmt.Errorf("assay run %s: %w", d.recipe, err))
		return
	}
	o := options{storeFlags: d.flags.storeFlags, over: recipe.Overrides{}, jobs: 1}
	if err := o.withSession(d.c, []string{d.recipe}, func(s *session) error { return d.produce(ctx, s) }); err != nil {
		d.say(ctx, err)
	}
}

// bringUpToDate runs the recipe in another process, whose run the page shows.
func (d *demo) bringUpToDate(ctx context.Context, targets []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	args := append([]string{"run", d.recipe, "--store", d.flags.store}, targets...)
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Stdout, cmd.Stderr = d.c.ErrOrStderr(), d.c.ErrOrStderr()
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = time.Second
	return cmd.Run()
}

// produce sends scores, costs and profiles once, and replays episodes again and again.
func (d *demo) produce(ctx context.Context, s *session) error {
	var wait sync.WaitGroup
	defer wait.Wait()
	start := func(loop bool, prepare producer) {
		wait.Go(func() {
			once, err := prepare(ctx, s)
			for err == nil {
				if err = once(ctx, d.to); !loop {
					break
				}
			}
			d.say(ctx, err)
		})
	}
	start(false, func(ctx context.Context, s *session) (cycle, error) { return s.publishMetrics(ctx, nil, 0) })
	start(false, func(ctx context.Context, s *session) (cycle, error) { return s.publishPerf(ctx, nil, 200, 0) })
	if s.has("profiles") {
		start(false, func(ctx context.Context, s *session) (cycle, error) {
			return s.publishProfiles(ctx, nil, 80, 0, &elsewhere{c: d.c})
		})
	}
	start(true, func(ctx context.Context, s *session) (cycle, error) {
		return s.publishReplay(ctx, nil, &replayFlags{rate: d.flags.demoRate})
	})
	return nil
}

// has reports whether a recipe has a node of a kind.
func (s *session) has(kind string) bool {
	for _, n := range s.graph.Nodes {
		if n.Kind.Name == kind {
			return true
		}
	}
	for _, l := range s.graph.Later {
		if l.Kind.Name == kind {
			return true
		}
	}
	return false
}

// say shows an error, unless it is only the end.
func (d *demo) say(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(d.c.ErrOrStderr(), "warning: demo: %s\n", plain.PrintableLines(step.Plain(err)))
	}
}
