package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/diagram"
	"assay/engine/recipe"
)

func newGraph() *cobra.Command {
	var o options
	var format, file string
	var nodes bool
	c := &cobra.Command{
		Use:   "graph RECIPE [TARGET…]",
		Short: "draw a recipe",
		Long: `graph draws the steps of a recipe, or with --nodes each point of their matrices:
what is made of what, what is up to date and what would run. It writes SVG to
standard output or the file that -o names; the file's ending chooses the format
(.svg, .mmd, .mermaid, .md, .dot, .gv) unless --format does. It runs nothing.`,
		RunE: func(c *cobra.Command, args []string) error {
			draw, err := drawing(format, file)
			if err != nil {
				return err
			}
			s, err := o.open(c, args)
			if err != nil {
				return err
			}
			defer s.store.Close()
			g, err := s.graph.Select(args[1:])
			if err != nil {
				return &usageError{err}
			}
			if file == "" && format == "" && onTerminal(s.out) {
				return &usageError{errors.New("an SVG is not for a terminal: name a file with -o graph.svg, or ask " +
					"for --format mermaid")}
			}
			return writeTo(s.out, file, func(w io.Writer) error { return draw(s.diagram(c, g, nodes), w) })
		},
	}
	o.register(c)
	c.Flags().StringVar(&format, "format", "", "the `form` of the drawing: svg (unless the file's ending says "+
		"otherwise), mermaid or dot")
	c.Flags().StringVarP(&file, "output", "o", "", "write to this `file`")
	c.Flags().BoolVar(&nodes, "nodes", false, "draw every node, not only steps")
	return c
}

// drawing returns the way to write a format.
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
			return nil, &usageError{fmt.Errorf("-o %s: want a name ending in .svg, .mmd, .mermaid, .md, .dot or .gv, "+
				"or say what it is with --format", file)}
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
	return nil, &usageError{fmt.Errorf("--format %q (%s)", format, recipe.Suggest(format, []string{"svg", "mermaid",
		"dot"}))}
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
