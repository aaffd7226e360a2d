package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/display"
	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/journal"
	"assay/engine/recipe"
)

// displayFlags are the flags that say how a run is shown.
type displayFlags struct{ format string }

// The ways to show a run.
const (
	formatAuto  = "auto"
	formatPlain = "plain"
	formatJSON  = "json"
)

func (l *displayFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&l.format, "log-format", formatAuto,
		"show the run on standard error in this `format`: auto (live on a terminal), plain or json (lines for programs)")
}

// check refuses a format that does not exist.
func (l *displayFlags) check() error {
	names := []string{formatAuto, formatPlain, formatJSON}
	if slices.Contains(names, l.format) {
		return nil
	}
	return usagef("--log-format %q (%s)", l.format, recipe.Suggest(l.format, names))
}

// runLog passes the events of a run on to the journal and the display. It alone tells both
// how the run ended.
type runLog struct {
	limit   *display.Limit
	show    display.Display
	record  *journal.Recorder
	json    *display.JSON // the display, if it writes JSON
	outcome journal.Outcome
	stop    func() // undoes lifetime.onLeave

	mu    sync.RWMutex // held for reading while an event is passed on, for writing at the end
	ended bool
}

// startLog starts to show and record a run of e. With eager the run gets a journal even if it
// executes nothing.
func (s *session) startLog(c *cobra.Command, how *displayFlags, targets []string, e *engine.Engine, g *graph.Graph,
	eager bool) *runLog {
	run := journal.Run{
		Verb: c.Name(), Recipe: s.file, Name: g.Recipe.Name, Version: version(), Jobs: s.opts.jobs, Args: targets,
		Counts: journal.Counts{Nodes: len(g.Nodes)},
	}
	for _, file := range s.opts.over.Params {
		run.Args = append(run.Args, "--params "+file)
	}
	for _, set := range s.opts.over.Sets {
		run.Args = append(run.Args, "--set "+set)
	}
	t := &runLog{}
	t.record = journal.NewRecorder(runsDir(s.opts.store), run, eager, func(err error) { t.warn(s.err, err) })
	t.show = s.display(t, how, e, g)
	t.limit = display.NewLimit(t.record, t.show) // the journal first: the display shows the run's name
	t.stop = lifetimeOf(c.Context()).onLeave(func() error { return t.interrupt(c.Context()) })
	e.Observers = append(e.Observers, t)
	return t
}

// display returns the display that the flags ask for and that the terminal can show.
func (s *session) display(t *runLog, how *displayFlags, e *engine.Engine, g *graph.Graph) display.Display {
	if how.format == formatJSON {
		t.json = display.NewJSON(s.err)
		return t.json
	}
	var nodes []display.Node
	for _, n := range g.Nodes {
		nodes = append(nodes, display.Node{Name: n.Name(), Step: n.Step})
	}
	p := display.NewLines(s.err, nodes, func(node string) string {
		return fmt.Sprintf("assay logs %s '%s'", t.record.ID(), node)
	})
	if how.format == formatAuto && onTerminal(s.err) && moves(os.Getenv("TERM")) {
		p.GoLive(fileOf(s.err), s.opts.jobs, func() map[string]float64 { return e.Expected(g) })
	}
	return p
}

// moves reports whether live lines can move the cursor of a terminal with that name. Windows
// gives no name, and its terminal can.
func moves(term string) bool {
	return term != "dumb" && (term != "" || runtime.GOOS == "windows")
}

// warn shows an error of the journal.
func (t *runLog) warn(w io.Writer, err error) {
	if t.json != nil {
		t.json.Warn(fmt.Sprintf("%v; the run goes on", err))
		return
	}
	fmt.Fprintf(w, "warning: %s; the run goes on\n", plain.PrintableLines(err.Error()))
}

// Observe implements [event.Observer].
func (t *runLog) Observe(ev event.Event) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.ended { // otherwise assay has abandoned the run
		t.limit.Observe(ev)
	}
}

// end records how the run ended, and returns the error that is still to be shown.
func (t *runLog) end(ctx context.Context, err error) error {
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

// keep records what a run of a session made, for later comparisons.
func (t *runLog) keep(s *session, results *engine.Results) {
	if t.record.ID() == "" { // nothing was executed
		return
	}
	m := &journal.Made{Lock: string(results.Lock().Text())}
	whole := results.Graph.Whole()
	for _, n := range whole.Nodes {
		if o := results.Outcomes[n]; o == nil || o.Outputs == nil {
			m.Unmade = append(m.Unmade, n.Name())
		}
	}
	for _, l := range whole.Later {
		m.Unmade = append(m.Unmade, l.Step)
	}
	m.Settings, _ = json.Marshal(s.graph.Recipe.Settings) // strings always can be
	t.record.Keep(m)
}

// interrupt ends the log of a run that assay no longer waits for.
func (t *runLog) interrupt(ctx context.Context) error {
	t.show.Close()
	return t.finish(ctx, journal.Interrupted, context.Cause(ctx))
}

// finish is the one place that says how a run ended. Later events are lost.
func (t *runLog) finish(ctx context.Context, outcome journal.Outcome, err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return err
	}
	t.ended = true
	for _, late := range t.limit.Flush() { // the display is closed
		t.record.Observe(late)
	}
	if outcome == journal.Interrupted {
		err = context.Cause(ctx) // says more than "context canceled"
	}
	counts := t.record.End(outcome, err)
	if t.json == nil {
		return err
	}
	t.json.End(outcome, counts, err)
	if err == nil {
		return nil
	}
	return &shownError{err, exitCode(outcome, err)}
}

// exitCode returns the exit code for a run that ended with an error.
func exitCode(outcome journal.Outcome, err error) int {
	var usage *usageError
	switch {
	case outcome == journal.Interrupted:
		return exitInterrupted
	case errors.As(err, &usage) || recipe.MistakesIn(err) != nil && !engine.Began(err):
		return exitUsage
	}
	return exitFailed
}

// shownError is an error that the user has already seen.
type shownError struct {
	error
	code int
}

// Unwrap returns the error.
func (e *shownError) Unwrap() error { return e.error }
