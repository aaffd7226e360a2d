package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/live/send"
	"assay/cmd/assay/internal/plain"
)

// defaultURL is where a dashboard takes events in.
const defaultURL = "http://127.0.0.1:8447/publish"

// newPublish makes the verb publish.
func newPublish() *cobra.Command {
	c := &cobra.Command{
		Use:   "publish replay|metrics|perf|profiles|knn RECIPE",
		Short: "send results to a dashboard",
		Long: `publish sends what a recipe made to a dashboard, see assay serve:

  assay publish metrics  RECIPE [NODE…]   measures with intervals, and confusions, of every eval
  assay publish perf     RECIPE [NODE…]   what a prediction of each model costs, timed here and now
  assay publish replay   RECIPE [NODE…]   recorded test episodes in their own time, with predictions
  assay publish profiles RECIPE [NODE…]   how each attack looks, from the kind profiles
  assay publish knn      RECIPE [NODE…]   score and cost of the nearest neighbours

It runs nothing: what is not in the store is named. docs/LIVE.md describes the events.`,
		RunE: func(_ *cobra.Command, args []string) error {
			return usagef("publish what? One of: %s; see: assay publish -h", strings.Join(publishVerbs(), ", "))
		},
	}
	c.AddCommand(newPublishReplay(), newPublishMetrics(), newPublishPerf(), newPublishProfiles(), newPublishKNN())
	return c
}

func publishVerbs() []string { return []string{"replay", "metrics", "perf", "profiles", "knn"} }

// publishFlags are the flags that all producers have.
type publishFlags struct {
	options
	url, tokenFile string
	dry, loop      bool
	pause, rate    float64
}

func (p *publishFlags) register(c *cobra.Command, rate float64, rateHelp string) {
	p.options.register(c)
	f := c.Flags()
	f.StringVar(&p.url, "publish-url", defaultURL, "the `URL` of the dashboard")
	f.StringVar(&p.tokenFile, "token-file", "", "a `file` with the token of the dashboard; without it, ASSAY_TOKEN")
	f.BoolVar(&p.dry, "dry-run", false, "print the events as lines of JSON, and send nothing")
	f.BoolVar(&p.loop, "loop", false, "begin again after the end, until Ctrl-C")
	f.Float64Var(&p.pause, "cycle-pause-s", 20, "with --loop, pause for so many `seconds` after each cycle")
	f.Float64Var(&p.rate, "rate", rate, rateHelp)
}

// check refuses flags that make no sense.
func (p *publishFlags) check() error {
	u, err := url.Parse(p.url)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return usagef("--publish-url %s: want a URL such as %s", plain.Printable(p.url), defaultURL)
	case !(p.pause >= 0 && p.pause <= 86_400):
		return usagef("--cycle-pause-s %v: want 0 to 86400 seconds", p.pause)
	case !(p.rate >= 0 && p.rate <= 1e6):
		return usagef("--rate %v: want 0 to 1000000", p.rate)
	}
	return nil
}

// A cycle sends the events of a producer once.
type cycle func(ctx context.Context, to sink) error

// A producer prepares a cycle: what does not change from one to the next is done once.
type producer func(ctx context.Context, s *session) (cycle, error)

// publish runs a producer against the dashboard, or the terminal.
func (p *publishFlags) publish(c *cobra.Command, args []string, prepare producer) error {
	if err := p.check(); err != nil {
		return err
	}
	return p.withSession(c, args, func(s *session) error {
		once, err := prepare(c.Context(), s)
		if err != nil {
			return err
		}
		if p.dry {
			return p.quiet(c.Context(), p.repeat(c.Context(), once, lines{s}))
		}
		token, err := readToken(p.tokenFile)
		if err != nil {
			return err
		}
		return p.deliver(c.Context(), s, once, token)
	})
}

// quiet takes the end by a signal for what it is when a producer loops.
func (p *publishFlags) quiet(ctx context.Context, err error) error {
	if p.loop && ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.Cause(ctx))) {
		return nil
	}
	return err
}

// giveUp is how long a producer that does not loop tries to reach the dashboard.
const giveUp = 15 * time.Second

// deliver sends the cycles, and says at the end how many events arrived.
func (p *publishFlags) deliver(ctx context.Context, s *session, once cycle, token string) error {
	o := send.Options{
		URL: p.url, Token: token,
		Warn: func(text string) { fmt.Fprintf(s.err, "warning: %s\n", plain.PrintableLines(text)) },
	}
	if !p.loop {
		o.GiveUp = giveUp
	}
	// The sender outlives the context for a moment, so that what is queued still arrives.
	sender := send.New(context.WithoutCancel(ctx), o)
	err := p.repeat(ctx, once, sender)
	if err == nil {
		err = sender.Drain(ctx)
	} else if ctx.Err() != nil {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 300*time.Millisecond)
		sender.Drain(last) // what does not arrive in time is counted below
		cancel()
	}
	sender.Close()
	n := sender.Stats()
	fmt.Fprintf(s.out, "sent %s", plain.Plural(n.Sent, "event"))
	if n.Dropped > 0 {
		fmt.Fprintf(s.out, ", dropped %d that waited for too long", n.Dropped)
	}
	if n.Retries > 0 {
		fmt.Fprintf(s.out, ", tried again %s", plain.Plural(n.Retries, "time"))
	}
	fmt.Fprintln(s.out)
	return p.quiet(ctx, err)
}

// repeat runs cycles: one, or with --loop until the context ends.
func (p *publishFlags) repeat(ctx context.Context, once cycle, to sink) error {
	for {
		if err := once(ctx, to); err != nil || !p.loop {
			return err
		}
		// A cycle that sends nothing must not spin.
		if err := sleep(ctx, max(p.pause, 0.05)); err != nil {
			return err
		}
	}
}

// sleep waits for some seconds, or until the context ends.
func sleep(ctx context.Context, seconds float64) error {
	t := time.NewTimer(time.Duration(seconds * float64(time.Second)))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
