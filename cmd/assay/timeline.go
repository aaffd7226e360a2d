package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/timeline"
)

func newTimeline() *cobra.Command {
	var o storeFlags
	var file string
	c := &cobra.Command{
		Use:   "timeline [RUN]",
		Short: "draw when the actions of a run happened",
		Long: `timeline draws the newest run, or the one that is named: which action ran when,
for how long and why, and the critical path. It writes timeline.html, one page that
needs no network, or the file that -o names; with the ending .json it writes the
trace format of Chrome and ui.perfetto.dev.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return &usageError{errors.New("timeline takes one run; list them with: assay runs")}
			}
			if err := o.enter(c); err != nil {
				return err
			}
			draw := timeline.Page
			switch ext := filepath.Ext(file); strings.ToLower(ext) {
			case ".html", ".htm":
			case ".json":
				draw = timeline.Trace
			default:
				return &usageError{fmt.Errorf("-o %s: want a name ending in .html or .json", file)}
			}
			r, story, err := o.read(strings.Join(args, ""))
			if err != nil {
				return err
			}
			err = writeTo(nil, file, func(w io.Writer) error { return draw(w, r, story) })
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "timeline: %s (run %s, %s)\n", filepath.ToSlash(file), r.ID,
				plain.Plural(len(story.Spans), "action"))
			return nil
		},
	}
	o.register(c)
	c.Flags().StringVarP(&file, "output", "o", "timeline.html", "the `file` to write, ending in .html or .json")
	return c
}
