package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/engine"
	"assay/engine/graph"
)

// runFlags are the flags that say how a run goes about its work.
type runFlags struct {
	keepGoing bool
	force     []string
	until     []string
}

func (w *runFlags) register(c *cobra.Command) {
	f := c.Flags()
	f.BoolVarP(&w.keepGoing, "keep-going", "k", false, "after a failure, run what does not need what failed")
	f.StringArrayVar(&w.force, "force", nil, "run these `nodes` again, even if their results are stored")
	f.StringArrayVar(&w.until, "until", nil, "stop at these `nodes`: skip everything downstream")
}

// graph picks what is run of a graph.
func (w *runFlags) graph(g *graph.Graph, targets []string) (*graph.Graph, error) {
	part, err := w.pick(g, targets)
	if err != nil {
		return nil, &usageError{err}
	}
	return part, nil
}

func (w *runFlags) pick(g *graph.Graph, targets []string) (*graph.Graph, error) {
	if _, err := g.Select(slices.Concat(w.until, w.force)); err != nil {
		return nil, err // a slip in a name, before anything is said of parts
	}
	part, err := g.Select(targets)
	if err != nil {
		return nil, err
	}
	asked := "what was asked for: " + strings.Join(targets, ", ") + "; name it as a target too, or leave the flag out"
	if err := holds(part, "--until", w.until, asked); err != nil {
		return nil, err
	}
	if part, err = part.Until(w.until); err != nil {
		return nil, err
	}
	if len(w.until) > 0 {
		asked = "this run, which ends at what --until names: " + strings.Join(w.until, ", ")
	}
	return part, holds(part, "--force", w.force, asked)
}

// holds refuses a flag that would do nothing, since no node that it names is in
// the part of the graph that is run.
func holds(part *graph.Graph, flag string, names []string, of string) error {
	for _, name := range names {
		if _, err := part.Find(name); err != nil {
			return fmt.Errorf("%s %s: %s is not part of %s", flag, name, name, of)
		}
	}
	return nil
}

// apply makes an engine go about its work so.
func (w *runFlags) apply(e *engine.Engine) {
	e.KeepGoing = w.keepGoing
	if len(w.force) == 0 {
		return
	}
	e.Force = func(n *graph.Node) bool { return n.MatchesAny(w.force) }
}

// isDefault reports whether a run does all that its targets ask, and no more.
func (w *runFlags) isDefault() bool { return len(w.force)+len(w.until) == 0 }
