package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine/event"
	"assay/engine/journal"
	"assay/engine/recipe"
	"assay/engine/step"
)

// A logged selects the executions that logs shows: those of a node, or of one shard of it.
type logged struct {
	node  string
	shard int // allShards for all
}

const allShards = -1

// newLogs makes the verb logs.
func newLogs() *cobra.Command {
	var o storeFlags
	var what logged
	c := &cobra.Command{
		Use:   "logs [RUN] NODE",
		Short: "show the log of a node",
		Long: `logs shows what the executions of a node reported: warnings, log lines, counts and the
error, with the seconds since each execution began. Without a run it shows the newest
run that executed the node; "assay runs" lists the runs. A node is named as elsewhere:
gbt, 'gbt[view=oracle]', 'train-*'. Shards are numbered from 0.`,
		Args: func(c *cobra.Command, args []string) error { return what.check(c, args) },
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.enter(c); err != nil {
				return err
			}
			if len(args) == 2 {
				return o.logsOf(c.OutOrStdout(), args[0], what)
			}
			return o.newestLogs(c.OutOrStdout(), what)
		},
	}
	o.register(c)
	c.Flags().IntVar(&what.shard, "shard", allShards, "only the shard with this `number`")
	c.Flags().Lookup("shard").DefValue = "0" // pflag does not show a default of 0
	return c
}

// check reads the node from the command line, and checks the line.
func (l *logged) check(c *cobra.Command, args []string) error {
	if len(args) == 0 || len(args) > 2 {
		return usagef("which node? For example: assay logs 'gbt[view=oracle]', or with a run: assay logs last gbt")
	}
	if c.Flags().Changed("shard") && l.shard < 0 {
		return usagef("--shard %d: shards are numbered from 0", l.shard)
	}
	l.node = args[len(args)-1]
	if err := step.CheckTarget(l.node); err != nil {
		return &usageError{err}
	}
	return nil
}

// logsOf shows the log of a node in one run.
func (o *storeFlags) logsOf(w io.Writer, run string, what logged) error {
	r, story, err := o.read(run)
	if err != nil {
		return err
	}
	if what.executed(story) {
		return what.print(w, r, story)
	}
	var names []string
	for _, n := range story.Nodes {
		if step.MatchesName(n.Name, what.node) {
			if n.Actions > 0 && what.shard >= n.Actions {
				return usagef("%s has no shard %d in run %s; its last is %d", n.Name, what.shard, r.ID,
					n.Actions-1)
			}
			if n.Error != "" {
				return fmt.Errorf("%s failed in run %s before anything was executed: %s", n.Name, r.ID,
					plain.PrintableLines(n.Error))
			}
			return fmt.Errorf("%s was not executed in run %s (%s); see the newest execution with: assay logs %s",
				what.of(n.Name), r.ID, n.State(), what.flags())
		}
		names = append(names, n.Name)
	}
	return usagef("run %s has no node %s (%s)", r.ID, what.node, recipe.Suggest(what.node, names))
}

// maxSearch is how many runs are searched for one that executed the node.
const maxSearch = 200

// newestLogs shows the log of the newest execution of a node.
func (o *storeFlags) newestLogs(w io.Writer, what logged) error {
	if _, err := o.find(""); err != nil {
		return err
	}
	runs, err := journal.List(runsDir(o.store), maxSearch)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range runs {
		story, err := tellStory(r)
		if err != nil {
			continue
		}
		if what.executed(story) {
			return what.print(w, r, story)
		}
		for _, n := range story.Nodes {
			known[n.Name] = true
		}
	}
	names := slices.Sorted(maps.Keys(known))
	err = fmt.Errorf("no recorded run executed %s", what.of(what.node))
	if !slices.ContainsFunc(names, func(n string) bool { return step.MatchesName(n, what.node) }) {
		err = fmt.Errorf("%w (%s)", err, recipe.Suggest(what.node, names))
	}
	return &usageError{err}
}

// of names a node, with the shard if only one is shown.
func (l logged) of(node string) string {
	if l.shard == allShards {
		return node
	}
	return fmt.Sprintf("shard %d of %s", l.shard, node)
}

// flags returns the arguments that select the same executions.
func (l logged) flags() string {
	if l.shard == allShards {
		return "'" + l.node + "'"
	}
	return fmt.Sprintf("'%s' --shard %d", l.node, l.shard)
}

// includes reports whether an action is one of those to show.
func (l logged) includes(sp *journal.Span) bool {
	return step.MatchesName(sp.Node, l.node) && (l.shard == allShards || sp.Shard == l.shard)
}

// executed reports whether there is something to show.
func (l logged) executed(s *journal.Story) bool { return slices.ContainsFunc(s.Spans, l.includes) }

// print shows the actions in the order they began.
func (l logged) print(w io.Writer, r *journal.Run, story *journal.Story) error {
	fmt.Fprintf(w, "run %s, %s\n", r.ID, plain.When(r.Began))
	for _, sp := range story.Spans {
		if !l.includes(sp) {
			continue
		}
		fmt.Fprintf(w, "\n%s\n", heading(sp, r.Outcome))
		fmt.Fprintf(w, "  why: %s\n", plain.Printable(plain.FirstLine(sp.Why)))
		for _, ev := range sp.Said {
			sayLine(w, sp, ev)
		}
		for _, note := range sp.Notes {
			if note.Count != "" { // warnings are among the lines above
				fmt.Fprintf(w, "  %s\n", plain.Printable(note.String()))
			}
		}
		if sp.Error != "" {
			fmt.Fprintf(w, "  error: %s\n", indented(sp.Error))
		}
	}
	return nil
}

// sayLine prints one warning or line of a log.
func sayLine(w io.Writer, sp *journal.Span, ev event.Event) {
	word := ""
	if ev.What == event.Warned {
		word = "warning: "
	}
	fmt.Fprintf(w, "  %7.2fs  %s%s\n", ev.T-sp.From, word, indented(ev.Text))
}

// heading names an action and says what became of it, in a run with the given outcome.
func heading(sp *journal.Span, run journal.Outcome) string {
	name := plain.Printable(sp.Node)
	if sp.Shards > 1 {
		name += fmt.Sprintf(", shard %d", sp.Shard)
	}
	took := plain.Seconds(sp.To - sp.From)
	switch sp.Outcome {
	case event.Ran:
		return fmt.Sprintf("%s: ran in %s", name, took)
	case event.Failed:
		return fmt.Sprintf("%s: failed after %s", name, took)
	}
	switch run {
	case journal.Running:
		return fmt.Sprintf("%s: running for %s", name, took)
	case journal.Killed:
		return fmt.Sprintf("%s: unfinished when the run was killed, %s after it began or later", name, took)
	}
	return fmt.Sprintf("%s: unfinished after %s", name, took)
}

// indented indents all lines of a text but the first.
func indented(text string) string {
	return strings.ReplaceAll(plain.PrintableLines(strings.TrimRight(text, "\n")), "\n", "\n    ")
}
