package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/engine/journal"
)

// find returns the run with a name as users write it, or the newest run if it is empty.
func (o *storeFlags) find(name string) (*journal.Run, error) {
	newest, err := journal.List(runsDir(o.store), 3)
	if err != nil {
		return nil, err
	}
	if len(newest) == 0 {
		return nil, fmt.Errorf("%s has no runs yet; start one with: assay run RECIPE", o.store)
	}
	if name == "" {
		return newest[0], nil
	}
	r, err := journal.Find(runsDir(o.store), name)
	if errors.Is(err, journal.ErrNoRun) {
		return nil, usagef("%w; the newest is %s, list all with: assay runs", err, newest[0].ID)
	}
	return r, err
}

// newRuns makes the verb runs.
func newRuns() *cobra.Command {
	var o storeFlags
	var most int
	var asJSON bool
	c := &cobra.Command{
		Use:   "runs [RUN]",
		Short: "list past runs, or the nodes of one",
		Long: `runs lists the runs of this store, the newest first: how each one ended, and how many
actions it executed, found up to date (cached) and saw fail. Given a run, it lists the
nodes of that run that did something, when and why. A run is named by its full name, by
the beginning of it, by the four letters at its end, or by "last".

Runs that found everything up to date are not recorded.`,
		Args: atMost(1, "runs takes one run, or none for a list"),
		RunE: func(c *cobra.Command, args []string) error {
			if most < 0 {
				return usagef("-n %d: want a number of runs, 0 for all", most)
			}
			if err := o.enter(c); err != nil {
				return err
			}
			if len(args) == 1 {
				return o.showRun(c.OutOrStdout(), args[0], asJSON)
			}
			return o.listRuns(c.OutOrStdout(), most, asJSON)
		},
	}
	o.register(c)
	c.Flags().IntVarP(&most, "number", "n", 20, "list this `number` of runs, 0 for all")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// jsonRun is a run as --json prints it: what run.json says, its name, and its nodes.
type jsonRun struct {
	ID string `json:"id"`
	*journal.Run
	Nodes []*journal.NodeStory `json:"nodes,omitempty"`
}

// listRuns lists the newest runs; all if most is 0.
func (o *storeFlags) listRuns(w io.Writer, most int, asJSON bool) error {
	runs, err := journal.List(runsDir(o.store), most)
	if err != nil {
		return err
	}
	if asJSON {
		list := []jsonRun{}
		for _, r := range runs {
			list = append(list, jsonRun{r.ID, r, nil})
		}
		return plain.WriteJSON(w, list)
	}
	if len(runs) == 0 {
		fmt.Fprintf(w, "%s has no runs yet; start one with: assay run RECIPE\n", o.store)
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "RUN\tBEGAN\tOUTCOME\tRAN\tCACHED\tFAILED\tTOOK\tWHAT")
	for _, r := range runs {
		if r.Outcome == journal.Damaged {
			fmt.Fprintf(t, "%s\t\t%s\n", r.ID, r.Outcome)
			continue
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", r.ID, plain.When(r.Began), r.Outcome, countsOf(r), plain.Printable(whatOf(r)))
	}
	return t.Flush()
}

// countsOf returns a run's columns RAN, CACHED, FAILED and TOOK. They are unknown for a run
// that has not ended.
func countsOf(r *journal.Run) string {
	if r.Ended.IsZero() {
		return "-\t-\t-\t-"
	}
	return fmt.Sprintf("%d\t%d\t%d\t%s", r.Counts.Ran, r.Counts.Cached, r.Counts.Failed, plain.Round(r.Took()))
}

// whatOf returns the run's command line.
func whatOf(r *journal.Run) string {
	return strings.Join(append([]string{r.Verb, r.Recipe}, r.Args...), " ")
}

// showRun shows one run with its nodes.
func (o *storeFlags) showRun(w io.Writer, name string, asJSON bool) error {
	r, story, err := o.read(name)
	if err != nil {
		return err
	}
	if asJSON {
		return plain.WriteJSON(w, jsonRun{r.ID, r, story.Nodes})
	}
	fmt.Fprintf(w, "run %s: %s\nbegan %s, %s", r.ID, plain.Printable(whatOf(r)), plain.When(r.Began), r.Outcome)
	if !r.Ended.IsZero() {
		fmt.Fprintf(w, " after %s", plain.Round(r.Took()))
	}
	fmt.Fprintf(w, ", -j %d, assay %s\n", r.Jobs, plain.Printable(r.Version))
	if r.Error != "" {
		fmt.Fprintf(w, "error: %s\n", plain.Printable(plain.FirstLine(r.Error)))
	}
	return listNodes(w, story)
}

// listNodes lists the nodes of a run that did something, and counts the others.
func listNodes(w io.Writer, story *journal.Story) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	idle, listed := 0, 0
	for _, n := range story.Nodes {
		if n.State() == "up to date" {
			idle++
			continue
		}
		if listed++; listed == 1 {
			fmt.Fprintln(t, "\nNODE\tSTATE\tRAN\tAT\tTOOK\tWHY")
		}
		at, took := "-", "-"
		if n.State() != "not started" && n.Blocked == "" && n.Error == "" {
			at = "+" + plain.Seconds(n.Began).String()
		}
		if n.End > n.Began && n.Error == "" {
			took = plain.Seconds(n.End - n.Began).String()
		}
		why := strings.Join(n.Why, "; ")
		if text := cmp.Or(n.Error, n.Blocked); text != "" {
			why = text
		}
		fmt.Fprintf(t, "%s\t%s\t%d of %d\t%s\t%s\t%s\n", plain.Printable(n.Name), n.State(), n.Ran, n.Actions, at, took,
			plain.Printable(plain.FirstLine(why)))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if idle > 0 {
		fmt.Fprintf(w, "\n%s up to date\n", plain.Plural(idle, "node"))
	}
	return nil
}

// read finds a run and reads what became of its nodes.
func (o *storeFlags) read(name string) (*journal.Run, *journal.Story, error) {
	r, err := o.find(name)
	if err != nil {
		return nil, nil, err
	}
	if r.Outcome == journal.Damaged {
		return nil, nil, fmt.Errorf("cannot read the journal of run %s: %s is damaged", r.ID, r.Dir())
	}
	story, err := tellStory(r)
	return r, story, err
}

// tellStory reads from a run's journal what became of its nodes so far.
func tellStory(r *journal.Run) (*journal.Story, error) {
	events, _, err := r.Events()
	if err != nil {
		return nil, err
	}
	story := journal.Tell(events)
	story.Until(r, time.Now())
	return story, nil
}
