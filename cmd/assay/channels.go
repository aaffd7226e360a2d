package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/steps/features"
	"assay/steps/kit/channel"
)

// newChannels makes the verb channels.
func newChannels() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "channels",
		Short: "list the channels that features and tensors are made of",
		Long: `channels lists what each episode measures, in the order of the feature columns: the
unit, whether a value is used as recorded (gauge) or as the change of a counter per
second (rate), and whether it is available in deployment (the realistic view) or only
in the laboratory.`,
		Args: atMost(0, "channels takes no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if asJSON {
				return plain.WriteJSON(c.OutOrStdout(), newRegistry())
			}
			return printChannels(c.OutOrStdout(), newRegistry())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// A channelRow is one measured quantity of an episode, as the verb shows it.
type channelRow struct {
	Name     string `json:"name"`   // "<source>.<quantity>"
	Source   string `json:"source"` // proc, guest, qmp or netflow
	Path     string `json:"path"`   // where a row of the source holds it
	Unit     string `json:"unit"`   // of the series: a rate's is per second
	Kind     string `json:"kind"`   // gauge: as recorded; rate: the change of a counter per second
	Deployed bool   `json:"deployed"`
	About    string `json:"about"`
}

// A registry is the channels in the order of the columns made of them.
type registry struct {
	Channels   []channelRow `json:"channels"`
	Statistics []string     `json:"statistics"`
	Schema     string       `json:"schema"` // the hash that the windows of the kind features have by default
}

// newRegistry describes the channels, with the schema hash that kind features has by
// default.
func newRegistry() registry {
	p := features.Defaults()
	sch := channel.Schema{Window: p.Window.Seconds(), Cures: p.Cures.InSeconds()}
	stats := channel.Stats()
	r := registry{Statistics: stats[:], Schema: sch.Hash()}
	for _, c := range channel.All() {
		kind, unit := "gauge", c.Unit
		if c.Kind == channel.Counter {
			kind, unit = "rate", c.Unit+"/s"
		}
		r.Channels = append(r.Channels, channelRow{
			c.Name, c.Source.String(), c.Path, unit, kind, c.Source.Deployed(), c.About,
		})
	}
	return r
}

// printChannels prints the channels as a table, and how many there are.
func printChannels(w io.Writer, r registry) error {
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

// countChannels returns the lines below the table.
func countChannels(r registry) string {
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
	return fmt.Sprintf("\n%d channels (%s), %d in deployment\n"+
		"%d statistics of each (%s): %d features, %d in deployment\nfeature schema %s\n",
		len(r.Channels), strings.Join(sources, ", "), deployed,
		n, strings.Join(r.Statistics, ", "), n*len(r.Channels), n*deployed, r.Schema)
}
