package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/timeline"
)

// newTimeline makes the verb timeline.
func newTimeline() *cobra.Command {
	var o storeFlags
	var file string
	c := &cobra.Command{
		Use:   "timeline [RUN]",
		Short: "draw when the actions of a run happened",
		Long: `timeline draws the newest run, or the run that you name: which action ran when, for how
long and why, and the critical path. It writes timeline.html, one page that needs no
network, or the file that -o names. If that name ends in .json, it writes the trace
format of Chrome and ui.perfetto.dev.`,
		Args: atMost(1, "timeline takes one run; list them with: assay runs"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.enter(c); err != nil {
				return err
			}
			return o.timeline(c.OutOrStdout(), strings.Join(args, ""), file)
		},
	}
	o.register(c)
	c.Flags().StringVarP(&file, "output", "o", "timeline.html", "the `file` to write, ending in .html or .json")
	return c
}

// timeline draws a run into a file, whose ending chooses the format.
func (o *storeFlags) timeline(out io.Writer, run, file string) error {
	draw := timeline.Page
	switch strings.ToLower(filepath.Ext(file)) {
	case ".html", ".htm":
	case ".json":
		draw = timeline.Trace
	default:
		return usagef("-o %s: want a name ending in .html or .json", file)
	}
	r, story, err := o.read(run)
	if err != nil {
		return err
	}
	if err := writeTo(nil, file, func(w io.Writer) error { return draw(w, r, story) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "timeline: %s (run %s, %s)\n", filepath.ToSlash(file), r.ID,
		plain.Plural(len(story.Spans), "action"))
	return err
}
