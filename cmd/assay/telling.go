package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"assay/engine"
	"assay/engine/graph"
	"assay/engine/journal"
	"assay/engine/recipe"
)

// looks are the flags that say how a run is shown.
type looks struct{ format string }

// The ways to show a run.
const (
	looksAuto  = "auto"
	looksPlain = "plain"
	looksJSON  = "json"
)

func (l *looks) register(c *cobra.Command) {
	c.Flags().StringVar(&l.format, "log-format", looksAuto,
		"show the run on standard error in this `format`: auto (live on a terminal), plain or json (lines for programs)")
}

func (l *looks) check() error {
	names := []string{looksAuto, looksPlain, looksJSON}
	for _, name := range names {
		if l.format == name {
			return nil
		}
	}
	return &usageError{fmt.Errorf("--log-format %q (%s)", l.format, recipe.Suggest(l.format, names))}
}

// display shows events to whoever waits for the run.
type display interface {
	observe(engine.Event)
	close()
}

// telling passes what happens in a run on to the display and the journal, and alone
// says how the run ended, to both.
type telling struct {
	show    display
	record  *recorder
	json    *jsonLog // the display, if it is one
	words   words
	outcome journal.Outcome
	stop    func() // ends the wait for an interrupt

	mu    sync.RWMutex // held for writing to end
	ended bool
}

// tell begins to show and record a run.
func (s *session) tell(c *cobra.Command, how *looks, targets []string, g *graph.Graph) *telling {
	run := journal.Run{
		Verb: c.Name(), Recipe: s.file, Name: g.Recipe.Name, Jobs: s.opts.jobs, Args: targets,
		Counts: journal.Counts{Nodes: len(g.Nodes)},
	}
	for _, file := range s.opts.over.Params {
		run.Args = append(run.Args, "--params "+file)
	}
	for _, set := range s.opts.over.Sets {
		run.Args = append(run.Args, "--set "+set)
	}
	t := &telling{}
	t.record = newRecorder(s.opts.store, run, func(err error) { t.warn(s.err, err) })
	if how.format == looksJSON {
		t.json = newJSONLog(s.err)
		t.show = t.json
	} else {
		p := newProgress(s.err, g)
		p.whole = func(node string) string { return fmt.Sprintf("assay logs %s '%s'", t.record.id(), node) }
		if how.format == looksAuto && onTerminal(s.err) && moves(os.Getenv("TERM")) {
			p.live = newLiveLines(fileOf(s.err), s.opts.jobs, func() map[string]float64 {
				return pastCosts(s.opts.store,
					s.file)
			})
		}
		t.show = p
	}
	t.stop = lifetimeOf(c.Context()).onLeave(func() error { return t.interrupt(c.Context()) })
	return t
}

// moves reports whether the cursor of a terminal of that name can be moved, as
// live lines need it. Windows names none, and its own can.
func moves(term string) bool {
	return term != "dumb" && (term != "" || runtime.GOOS == "windows")
}

// warn says what went wrong with the journal.
func (t *telling) warn(w io.Writer, err error) {
	if t.json != nil {
		t.json.warn(fmt.Sprintf("%v; the run goes on", err))
		return
	}
	fmt.Fprintf(w, "warning: %s; the run goes on\n", printableLines(err.Error()))
}

func (t *telling) observe(ev engine.Event) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.ended {
		return // assay left the run behind
	}
	now := time.Now()
	switch ev.What {
	case engine.Warned, engine.Logged:
		if !t.words.take(ev, now) {
			return
		}
	case engine.Retrying, engine.Ran, engine.Failed:
		for _, late := range t.words.end(ev.Node, ev.Shard, now) {
			t.pass(late)
		}
	}
	t.pass(timedEvent{ev, now})
}

func (t *telling) pass(ev timedEvent) {
	t.record.observe(ev.Event, ev.at) // first: what is shown names the run
	t.show.observe(ev.Event)
}

// end writes how the run ended, and returns the error that is left to show.
func (t *telling) end(ctx context.Context, err error) error {
	t.stop()
	outcome := t.outcome
	switch {
	case ctx.Err() != nil && err != nil:
		outcome = journal.Interrupted
	case err != nil && outcome == "":
		outcome = journal.Failed
	case outcome == "":
		outcome = journal.OK
	}
	return t.finish(ctx, outcome, err)
}

// interrupt ends a run that assay does not wait for any longer.
func (t *telling) interrupt(ctx context.Context) error {
	t.show.close()
	return t.finish(ctx, journal.Interrupted, context.Cause(ctx))
}

// finish is the one place that says how a run ended. What is said later is lost.
func (t *telling) finish(ctx context.Context, outcome journal.Outcome, err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return err
	}
	t.ended = true
	for _, late := range t.words.endAll(time.Now()) { // the display is closed
		t.record.observe(late.Event, late.at)
	}
	if outcome == journal.Interrupted {
		err = context.Cause(ctx) // "context canceled" is no news
	}
	counts := t.record.end(outcome, err)
	t.record.close()
	if t.json == nil {
		return err
	}
	t.json.end(outcome, counts, err)
	if err == nil {
		return nil
	}
	return &toldError{err, exitCode(outcome, err)}
}

// exitCode is what a run that ended with an error exits with.
func exitCode(outcome journal.Outcome, err error) int {
	var usage *usageError
	var mistakes *multierror.Error
	switch {
	case outcome == journal.Interrupted:
		return exitInterrupted
	case errors.As(err, &usage) || errors.As(err, &mistakes):
		return exitUsage
	}
	return exitFailed
}

// toldError is an error that was shown already.
type toldError struct {
	error
	code int
}

func (e *toldError) Unwrap() error { return e.error }
