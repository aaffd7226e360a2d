package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/care"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
)

// newDu makes the verb du.
func newDu() *cobra.Command {
	var o options
	asJSON := false
	c := &cobra.Command{
		Use:   "du [RECIPE]",
		Short: "show how much space the store takes",
		Long: `du shows how much space the store takes, by kind of step. Given a recipe, it shows how
much the results of that recipe take, by step. SHARED is the part of a line's size that
other lines also need; the total counts every byte once. TO MAKE AGAIN is how long the
steps took.`,
		Args: atMost(1, "du takes one recipe, or none for the whole store"),
		RunE: func(c *cobra.Command, args []string) error {
			show := writeUsage
			if asJSON {
				show = writeUsageJSON
			}
			if len(args) == 0 {
				return o.withStore(c, func(st *store.Store) error { return usageByKind(c, st, show) })
			}
			return o.withSession(c, args, func(s *session) error { return s.usageByStep(c, show) })
		},
	}
	o.register(c)
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON; sizes are in bytes, times in seconds")
	return c
}

// usageByKind measures the whole store.
func usageByKind(c *cobra.Command, st *store.Store, show func(io.Writer, *care.Usage, string) error) error {
	u, err := care.UsageByKind(c.Context(), st)
	if err != nil {
		return err
	}
	return show(c.OutOrStdout(), u, "KIND")
}

// usageByStep measures the results of a recipe.
func (s *session) usageByStep(c *cobra.Command, show func(io.Writer, *care.Usage, string) error) error {
	rs, _, err := s.inspect(c.Context(), s.graph)
	if err != nil {
		return err
	}
	steps := map[artifacts.Digest][]string{}
	for n, o := range rs.Outcomes {
		for _, key := range o.Keys() {
			steps[key] = append(steps[key], n.Step)
		}
	}
	u, err := care.UsageOf(c.Context(), s.store, steps)
	if err != nil {
		return err
	}
	return show(s.out, u, "STEP")
}

// writeUsage prints a table. The title says what its groups are.
func writeUsage(out io.Writer, u *care.Usage, title string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\tRESULTS\tSIZE\tSHARED\tTO MAKE AGAIN\n", title)
	for _, g := range u.Groups {
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\n", g.Name, g.Results, plain.Size(g.Bytes), plain.Size(g.Shared),
			plain.Round(g.Took))
	}
	if title == "STEP" {
		fmt.Fprintf(w, "total\t\t%s\n", plain.Size(u.Grouped))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nthe store holds %s", plain.Size(u.Total))
	sep := ": "
	for _, part := range []struct {
		n    int64
		what string
	}{
		{u.Results, "of results"},
		{u.Orphans, "that no result needs (assay gc removes it)"},
		{u.Memos, "of notes about sources and recipes"},
		{u.Other, "of journals and pins"},
		{u.Resume, "of progress that unfinished steps continue from"},
		{u.Tmp, "of unfinished work"},
	} {
		if part.n > 0 {
			fmt.Fprintf(out, "%s%s %s", sep, plain.Size(part.n), part.what)
			sep = ", "
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}

// groupJSON is a line of the table in JSON.
type groupJSON struct {
	Name    string  `json:"name"`
	Results int     `json:"results"`
	Bytes   int64   `json:"bytes"`
	Shared  int64   `json:"shared_bytes"`
	Took    float64 `json:"recompute_seconds"`
}

// writeUsageJSON writes for programs what writeUsage prints for people.
func writeUsageJSON(out io.Writer, u *care.Usage, _ string) error {
	groups := []groupJSON{}
	for _, g := range u.Groups {
		groups = append(groups, groupJSON{g.Name, g.Results, g.Bytes, g.Shared,
			g.Took.Round(time.Microsecond).Seconds()})
	}
	return plain.WriteJSON(out, struct {
		Groups  []groupJSON `json:"groups"`
		Grouped int64       `json:"groups_bytes"`
		Results int64       `json:"results_bytes"`
		Orphans int64       `json:"orphan_bytes"`
		Memos   int64       `json:"memo_bytes"`
		Other   int64       `json:"other_bytes"`
		Resume  int64       `json:"resume_bytes"`
		Tmp     int64       `json:"tmp_bytes"`
		Total   int64       `json:"total_bytes"`
	}{groups, u.Grouped, u.Results, u.Orphans, u.Memos, u.Other, u.Resume, u.Tmp, u.Total})
}
