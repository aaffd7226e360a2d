package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/engine/journal"
	"assay/engine/recipe"
)

func newLogs() *cobra.Command {
	var o pastOptions
	c := &cobra.Command{
		Use:   "logs [RUN] NODE",
		Short: "show what a node's execution said",
		Long: `logs shows what the executions of a node said: warnings, lines of its log, counts
and the error, with the seconds since each began. Without a run it takes the
newest one that executed the node; "assay runs" lists them. A node is named as
elsewhere: gbt, 'gbt[view=oracle]'.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 2 {
				return &usageError{errors.New("which node? For example: assay logs 'gbt[view=oracle]', or with a run: assay logs last gbt")}
			}
			if err := o.enter(); err != nil {
				return err
			}
			if len(args) == 2 {
				return o.logsOf(c.OutOrStdout(), args[0], args[1])
			}
			return o.newestLogs(c.OutOrStdout(), args[0])
		},
	}
	o.register(c)
	return c
}

// logsOf shows what a node said in one run.
func (o *pastOptions) logsOf(w io.Writer, run, node string) error {
	r, events, err := o.read(run)
	if err != nil {
		return err
	}
	story := journal.Tell(events)
	if executed(story, node) {
		return printLogs(w, r, story, node)
	}
	var names []string
	for _, n := range story.Nodes {
		if journal.Matches(n.Name, node) {
			return fmt.Errorf("%s was not executed in run %s (%s); see the newest execution with: assay logs '%s'", n.Name, r.ID, n.State(), node)
		}
		names = append(names, n.Name)
	}
	return &usageError{fmt.Errorf("run %s has no node %s (%s)", r.ID, node, recipe.Suggest(node, names))}
}

// maxSearch is how many runs are searched for one that executed a node.
const maxSearch = 200

// newestLogs shows what a node said when it was last executed.
func (o *pastOptions) newestLogs(w io.Writer, node string) error {
	if _, err := o.find(""); err != nil {
		return err
	}
	runs, err := journal.List(runsDir(o.store), maxSearch)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range runs {
		events, _, err := r.Events()
		if err != nil {
			continue
		}
		story := journal.Tell(events)
		if executed(story, node) {
			return printLogs(w, r, story, node)
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
	return &usageError{fmt.Errorf("no run that is kept executed %s (%s)", node, recipe.Suggest(node, names))}
}

// executed reports whether a node that a target names ran something.
func executed(s *journal.Story, node string) bool {
	return slices.ContainsFunc(s.Spans, func(sp *journal.Span) bool { return journal.Matches(sp.Node, node) })
}

// printLogs shows each action of the nodes, in the order they began.
func printLogs(w io.Writer, r *journal.Run, story *journal.Story, node string) error {
	fmt.Fprintf(w, "run %s, %s\n", r.ID, when(r.Began))
	for _, sp := range story.Spans {
		if !journal.Matches(sp.Node, node) {
			continue
		}
		fmt.Fprintf(w, "\n%s\n", heading(sp))
		fmt.Fprintf(w, "  why: %s\n", printable(firstLine(sp.Why)))
		for _, ev := range sp.Said {
			sayLine(w, sp, ev)
		}
		for _, note := range sp.Notes {
			if !strings.HasPrefix(note, "warning ") { // said when it happened
				fmt.Fprintf(w, "  %s\n", printable(note))
			}
		}
		if sp.Error != "" {
			fmt.Fprintf(w, "  error: %s\n", indented(sp.Error))
		}
	}
	return nil
}

func sayLine(w io.Writer, sp *journal.Span, ev journal.Event) {
	word := ""
	if ev.What == journal.Warned {
		word = "warning: "
	}
	fmt.Fprintf(w, "  %7.2fs  %s%s\n", ev.T-sp.From, word, indented(ev.Text))
}

// heading names an action and what became of it.
func heading(sp *journal.Span) string {
	name := printable(sp.Node)
	if sp.Shards > 1 {
		name += fmt.Sprintf(", shard %d", sp.Shard)
	}
	took := seconds(sp.To - sp.From)
	switch sp.Outcome {
	case journal.Ran:
		return fmt.Sprintf("%s: ran in %s", name, took)
	case journal.Broke:
		return fmt.Sprintf("%s: failed after %s", name, took)
	}
	return fmt.Sprintf("%s: not at its end after %s", name, took)
}

// indented keeps a text of several lines apart from what is around it.
func indented(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n    ")
}
