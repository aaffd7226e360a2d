package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/care"
	"assay/cmd/assay/internal/plain"
)

func newDu() *cobra.Command {
	var o options
	asJSON := false
	c := &cobra.Command{
		Use:   "du [RECIPE]",
		Short: "say how much the store holds",
		Long: `du says how much the store holds, by kind of step; given a recipe, how much of it
is what that recipe makes, by step. SHARED is how much of a line's size other
lines need too; in the total, every byte counts once. TO MAKE AGAIN is the time
that the steps took.`,
		RunE: func(c *cobra.Command, args []string) error {
			u, title, err := o.usage(c, args)
			if err != nil {
				return err
			}
			if asJSON {
				return writeUsageJSON(c.OutOrStdout(), u)
			}
			return writeUsage(c.OutOrStdout(), u, title)
		},
	}
	o.register(c)
	c.Flags().BoolVar(&asJSON, "json", false, "say it in JSON; sizes in bytes, times in seconds")
	return c
}

// usage measures the store. The title is what its groups are.
func (o *options) usage(c *cobra.Command, args []string) (*care.Usage, string, error) {
	switch len(args) {
	case 0:
		st, err := o.existing(c)
		if err != nil {
			return nil, "", err
		}
		defer st.Close()
		u, err := care.UsageByKind(c.Context(), st)
		return u, "KIND", err
	case 1:
		s, err := o.open(c, args)
		if err != nil {
			return nil, "", err
		}
		defer s.store.Close()
		rs, _, err := s.engine().Inspect(c.Context(), s.graph)
		if err != nil {
			return nil, "", err
		}
		steps := map[artifacts.Digest][]string{}
		for n, o := range rs.Outcomes {
			for _, key := range o.Keys() {
				steps[key] = append(steps[key], n.Step)
			}
		}
		u, err := care.UsageOf(c.Context(), s.store, steps)
		return u, "STEP", err
	}
	return nil, "", &usageError{errors.New("du takes one recipe, or none for the whole store")}
}

func writeUsage(out io.Writer, u *care.Usage, title string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\tRESULTS\tSIZE\tSHARED\tTO MAKE AGAIN\n", title)
	for _, g := range u.Groups {
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\n", g.Name, g.Results, plain.Size(g.Bytes), plain.Size(g.Shared), plain.Round(g.Took))
	}
	if title == "STEP" {
		fmt.Fprintf(w, "all of it\t\t%s\n", plain.Size(u.Grouped))
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
		{u.Orphans, "that no result names (assay gc removes it)"},
		{u.Memos, "remembered of sources and recipes"},
		{u.Other, "of journals and pins"},
		{u.Tmp, "of work under way"},
	} {
		if part.n > 0 {
			fmt.Fprintf(out, "%s%s %s", sep, plain.Size(part.n), part.what)
			sep = ", "
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}

type groupJSON struct {
	Name    string  `json:"name"`
	Results int     `json:"results"`
	Bytes   int64   `json:"bytes"`
	Shared  int64   `json:"shared_bytes"`
	Took    float64 `json:"recompute_seconds"`
}

func writeUsageJSON(out io.Writer, u *care.Usage) error {
	groups := []groupJSON{}
	for _, g := range u.Groups {
		groups = append(groups, groupJSON{g.Name, g.Results, g.Bytes, g.Shared,
			g.Took.Round(time.Microsecond).Seconds()})
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Groups  []groupJSON `json:"groups"`
		Grouped int64       `json:"groups_bytes"`
		Results int64       `json:"results_bytes"`
		Orphans int64       `json:"orphan_bytes"`
		Memos   int64       `json:"memo_bytes"`
		Other   int64       `json:"other_bytes"`
		Tmp     int64       `json:"tmp_bytes"`
		Total   int64       `json:"total_bytes"`
	}{groups, u.Grouped, u.Results, u.Orphans, u.Memos, u.Other, u.Tmp, u.Total})
}
