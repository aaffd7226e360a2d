package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/engine"
	"assay/engine/graph"
)

// runFlags are the flags that say what a run executes and when it stops.
type runFlags struct {
	keepGoing bool
	force     []string
	until     []string
	cluster   clusterFlags
}

func (w *runFlags) register(c *cobra.Command) {
	f := c.Flags()
	w.cluster.register(c)
	f.BoolVarP(&w.keepGoing, "keep-going", "k", false,
		"after a failure, go on with the nodes that do not need the failed one")
	f.StringArrayVar(&w.force, "force", nil, "run these `nodes` again, even if their results are stored")
	f.StringArrayVar(&w.until, "until", nil, "stop at these `nodes`: skip everything downstream")
}

// graph returns the part of a graph to run.
func (w *runFlags) graph(g *graph.Graph, targets []string) (*graph.Graph, error) {
	part, err := g.Narrow(func(g *graph.Graph) (*graph.Graph, error) { return w.pick(g, targets) })
	if err != nil {
		return nil, &usageError{err}
	}
	return part, nil
}

// pick returns the part of the graph that the targets need, as far as --until. A flag that
// names nothing in that part is a mistake.
func (w *runFlags) pick(g *graph.Graph, targets []string) (*graph.Graph, error) {
	if _, err := g.Select(slices.Concat(w.until, w.force)); err != nil {
		return nil, err // a misspelt name
	}
	part, err := g.Select(targets)
	if err != nil {
		return nil, err
	}
	why := "the targets do not need it; name it as a target too, or leave the flag out"
	if err := holds(part, "--until", w.until, why); err != nil {
		return nil, err
	}
	if part, err = part.Until(w.until); err != nil {
		return nil, err
	}
	if len(w.until) > 0 {
		why = "the run stops before it, at --until " + strings.Join(w.until, " --until ")
	}
	return part, holds(part, "--force", w.force, why)
}

// holds refuses a flag that would do nothing because the run includes no node that it names.
func holds(part *graph.Graph, flag string, names []string, why string) error {
	for _, name := range names {
		if err := part.Check(name); err != nil {
			return fmt.Errorf("%s %s: the run does not include %s: %s", flag, name, name, why)
		}
	}
	return nil
}

// apply sets an engine up as the flags say.
func (w *runFlags) apply(e *engine.Engine) {
	e.KeepGoing = w.keepGoing
	if len(w.force) == 0 {
		return
	}
	e.Force = func(n *graph.Node) bool { return n.MatchesAny(w.force) }
}

// isDefault reports whether the flags change nothing about which nodes run.
func (w *runFlags) isDefault() bool { return len(w.force)+len(w.until) == 0 }
