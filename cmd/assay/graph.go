package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/diagram"
	"assay/engine/recipe"
)

// graphVerb is one call of the verb graph.
type graphVerb struct {
	options
	format, file string
	nodes        bool
}

// newGraph makes the verb graph.
func newGraph() *cobra.Command {
	var v graphVerb
	c := &cobra.Command{
		Use:   "graph RECIPE [TARGET…]",
		Short: "draw a recipe",
		Long: `graph draws the steps of a recipe, or with --nodes each point of their matrices: what
reads what, what is up to date and what would run. It writes SVG to standard output or
to the file that -o names. The file's ending chooses the format (.svg, .mmd, .mermaid,
.md, .dot, .gv) unless --format does. It runs nothing.`,
		RunE: v.run,
	}
	v.register(c)
	c.Flags().StringVar(&v.format, "format", "", "the `format` of the drawing: svg, mermaid or dot; "+
		"by default what the file's ending says, or svg")
	c.Flags().StringVarP(&v.file, "output", "o", "", "write to this `file`")
	c.Flags().BoolVar(&v.nodes, "nodes", false, "draw every node, not only steps")
	return c
}

// run draws the recipe named first in args, or what the targets after it need.
func (v *graphVerb) run(c *cobra.Command, args []string) error {
	draw, err := drawing(v.format, v.file)
	if err != nil {
		return err
	}
	return v.withSession(c, args, func(s *session) error {
		g, err := s.narrow(args[1:])
		if err != nil {
			return err
		}
		if v.file == "" && v.format == "" && onTerminal(s.out) {
			return usagef("SVG is not for reading on a terminal: name a file with -o graph.svg, or use --format mermaid")
		}
		return writeTo(s.out, v.file, func(w io.Writer) error { return draw(s.diagram(c, g, v.nodes), w) })
	})
}

// drawing returns the function that writes a format; without one, the file's ending decides.
func drawing(format, file string) (func(*diagram.Graph, io.Writer) error, error) {
	if format == "" && file == "" {
		format = "svg"
	}
	if format == "" {
		switch strings.ToLower(filepath.Ext(file)) {
		case ".svg":
			format = "svg"
		case ".mmd", ".mermaid", ".md":
			format = "mermaid"
		case ".dot", ".gv":
			format = "dot"
		default:
			return nil, usagef("-o %s: want a name ending in .svg, .mmd, .mermaid, .md, .dot or .gv, "+
				"or name the format with --format", file)
		}
	}
	switch format {
	case "svg":
		return (*diagram.Graph).SVG, nil
	case "mermaid":
		return (*diagram.Graph).Mermaid, nil
	case "dot":
		return (*diagram.Graph).DOT, nil
	}
	return nil, usagef("--format %q (%s)", format, recipe.Suggest(format, []string{"svg", "mermaid",
		"dot"}))
}

// writeTo writes to a file, or to w if it has no name.
func writeTo(w io.Writer, file string, write func(io.Writer) error) error {
	if file == "" {
		return write(w)
	}
	if dir := filepath.Dir(file); dir != "." {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
