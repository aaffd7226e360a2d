package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/steps"
)

func newChannels() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "channels",
		Short: "list the channels that features and tensors are made of",
		Long: `channels lists what is measured in an episode, in the order of the columns that are
made of it: its unit, whether it is used as recorded (gauge) or as the change of a
counter per second (rate), and whether a deployment sees it (the realistic view) or
only a laboratory does.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{errors.New("channels takes no arguments")}
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), steps.Channels())
			}
			return printChannels(c.OutOrStdout(), steps.Channels())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func printChannels(w io.Writer, r steps.Registry) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CHANNEL\tSOURCE\tUNIT\tKIND\tDEPLOYED\tMEANING")
	for _, c := range r.Channels {
		deployed := "no"
		if c.Deployed {
			deployed = "yes"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", c.Name, c.Source, c.Unit, c.Kind, deployed, c.About)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(w, countChannels(r))
	return err
}

// countChannels is the end of the table.
func countChannels(r steps.Registry) string {
	var sources []string
	count := map[string]int{}
	deployed := 0
	for _, c := range r.Channels {
		if count[c.Source]++; count[c.Source] == 1 {
			sources = append(sources, c.Source)
		}
		if c.Deployed {
			deployed++
		}
	}
	for i, s := range sources {
		sources[i] = fmt.Sprintf("%d %s", count[s], s)
	}
	n := len(r.Statistics)
	return fmt.Sprintf("\n%d channels (%s), %d in deployment\n%d statistics of each (%s): %d features, %d in deployment\nfeature schema %s\n",
		len(r.Channels), strings.Join(sources, ", "), deployed,
		n, strings.Join(r.Statistics, ", "), n*len(r.Channels), n*deployed, r.Schema)
}
