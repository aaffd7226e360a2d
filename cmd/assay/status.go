package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
	"assay/engine/slurm"
	"assay/engine/slurm/queue"
)

// newStatus makes the verb status.
func newStatus() *cobra.Command {
	var o storeFlags
	var file string
	var all, asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "show the jobs on a cluster",
		Long: `status shows the jobs that runs with --executor slurm have on the cluster: where each one
stands in the queue, on which node it runs and for how long, and how much memory it takes
of what it asked for. Jobs that wait for the same reason are one line, unless --all is
given. It asks Slurm once.`,
		Args: atMost(0, "status takes no arguments: it shows the jobs of the store"),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := (&clusterFlags{profile: file}).load()
			if err != nil {
				return err
			}
			return o.withStore(c, func(s *store.Store) error {
				return showStatus(c.Context(), c.OutOrStdout(), s, &queue.Client{Dir: p.Commands}, all, asJSON)
			})
		},
	}
	o.register(c)
	c.Flags().StringVar(&file, "profile", "", "YAML `file` of what the cluster wants, for the folder of Slurm's commands")
	c.Flags().BoolVar(&all, "all", false, "show each job that waits")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// showStatus lists the jobs of a store.
func showStatus(ctx context.Context, w io.Writer, s *store.Store, client *queue.Client, all, asJSON bool) error {
	jobs, err := slurm.Status(ctx, s, client)
	if asJSON {
		if err != nil {
			return err
		}
		return plain.WriteJSON(w, jobs)
	}
	if err != nil {
		fmt.Fprintf(w, "the queue cannot be asked: %s\n", plain.PrintableLines(err.Error()))
	}
	if len(jobs) == 0 {
		fmt.Fprintln(w, "no jobs on a cluster; assay plan RECIPE says what would run")
		return nil
	}
	if !all {
		jobs = folded(jobs)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "JOB\tNODE\tSTATE\tHOST\tELAPSED\tMEMORY ASKED\tUSED")
	for _, j := range jobs {
		asked := "-"
		if j.Memory > 0 {
			asked = plain.Size(j.Memory)
		}
		elapsed := "-"
		if j.Elapsed > 0 {
			elapsed = plain.Round(j.Elapsed).String()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", cmp.Or(j.Slurm, "-"), plain.Printable(j.Node), plain.Printable(j.State),
			cmp.Or(plain.Printable(j.Host), "-"), elapsed, asked, usedOf(j.RSS, j.Memory))
	}
	return t.Flush()
}

// folded makes one line of the jobs of a step that wait or have ended for the same reason.
func folded(jobs []slurm.JobStatus) []slurm.JobStatus {
	var out []slurm.JobStatus
	count := map[[2]string]int{}
	for _, j := range jobs {
		if j.Running {
			out = append(out, j)
			continue
		}
		count[[2]string{j.Step, j.State}]++
	}
	for at, n := range count {
		out = append(out, slurm.JobStatus{Node: fmt.Sprintf("%s (%s)", at[0], plain.Plural(n, "job")), Step: at[0], State: at[1]})
	}
	slices.SortStableFunc(out, func(a, b slurm.JobStatus) int {
		return cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(a.Slurm, b.Slurm), cmp.Compare(a.State, b.State))
	})
	return out
}
