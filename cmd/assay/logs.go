package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine/event"
	"assay/engine/journal"
	"assay/engine/recipe"
	"assay/engine/step"
)

// A logged is what logs shows: the executions of a node, or of one shard of it.
type logged struct {
	node  string
	shard int // allShards for all
}

const allShards = -1

func newLogs() *cobra.Command {
	var o storeFlags
	var what logged
	c := &cobra.Command{
		Use:   "logs [RUN] NODE",
		Short: "show what a node's execution said",
		Long: `logs shows what the executions of a node said: warnings, lines of its log, counts
and the error, with the seconds since each began. Without a run it takes the
newest one that executed the node; "assay runs" lists them. A node is named as
elsewhere: gbt, 'gbt[view=oracle]', 'train-*'. Shards are numbered from 0.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 2 {
				return &usageError{errors.New("which node? For example: assay logs 'gbt[view=oracle]', or with a " +
					"run: assay logs last gbt")}
			}
			if c.Flags().Changed("shard") && what.shard < 0 {
				return &usageError{errors.New("--shard is a number from 0 on")}
			}
			if err := o.enter(c); err != nil {
				return err
			}
			what.node = args[len(args)-1]
			if err := step.CheckTarget(what.node); err != nil {
				return &usageError{err}
			}
			if len(args) == 2 {
				return o.logsOf(c.OutOrStdout(), args[0], what)
			}
			return o.newestLogs(c.OutOrStdout(), what)
		},
	}
	o.register(c)
	c.Flags().IntVar(&what.shard, "shard", allShards, "only the shard of this `number`")
	c.Flags().Lookup("shard").DefValue = "0" // which is not shown
	return c
}

// logsOf shows what a node said in one run.
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
				return &usageError{fmt.Errorf("%s has no shard %d in run %s; its last is %d", n.Name, what.shard, r.ID,
					n.Actions-1)}
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
	return &usageError{fmt.Errorf("run %s has no node %s (%s)", r.ID, what.node, recipe.Suggest(what.node, names))}
}

// maxSearch is how many runs are searched for one that executed a node.
const maxSearch = 200

// newestLogs shows what a node said when it was last executed.
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
	var names []string
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	err = fmt.Errorf("no run that is kept executed %s", what.of(what.node))
	if !slices.ContainsFunc(names, func(n string) bool { return step.MatchesName(n, what.node) }) {
		err = fmt.Errorf("%w (%s)", err, recipe.Suggest(what.node, names))
	}
	return &usageError{err}
}

// of names what is shown of a node.
func (l logged) of(node string) string {
	if l.shard == allShards {
		return node
	}
	return fmt.Sprintf("shard %d of %s", l.shard, node)
}

// flags are what the command line said.
func (l logged) flags() string {
	if l.shard == allShards {
		return "'" + l.node + "'"
	}
	return fmt.Sprintf("'%s' --shard %d", l.node, l.shard)
}

// includes reports whether an action is to be shown.
func (l logged) includes(sp *journal.Span) bool {
	return step.MatchesName(sp.Node, l.node) && (l.shard == allShards || sp.Shard == l.shard)
}

// executed reports whether there is something to show.
func (l logged) executed(s *journal.Story) bool { return slices.ContainsFunc(s.Spans, l.includes) }

// print shows each action, in the order they began.
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
			if note.Count != "" { // a warning was said when it happened
				fmt.Fprintf(w, "  %s\n", plain.Printable(note.String()))
			}
		}
		if sp.Error != "" {
			fmt.Fprintf(w, "  error: %s\n", indented(sp.Error))
		}
	}
	return nil
}

func sayLine(w io.Writer, sp *journal.Span, ev event.Event) {
	word := ""
	if ev.What == event.Warned {
		word = "warning: "
	}
	fmt.Fprintf(w, "  %7.2fs  %s%s\n", ev.T-sp.From, word, indented(ev.Text))
}

// heading names an action and what became of it in a run that ended so.
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
		return fmt.Sprintf("%s: not at its end when the run was killed, %s after it began or later", name, took)
	}
	return fmt.Sprintf("%s: not at its end after %s", name, took)
}

// indented keeps a text of several lines apart from what is around it.
func indented(text string) string {
	return strings.ReplaceAll(plain.PrintableLines(strings.TrimRight(text, "\n")), "\n", "\n    ")
}
