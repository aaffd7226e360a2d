package main

import (
	"github.com/spf13/cobra"

	"assay/engine"
)

// conduct are the flags that say how a run goes about its work.
type conduct struct {
	keepGoing bool
	force     []string
	until     []string
}

func (w *conduct) register(c *cobra.Command) {
	f := c.Flags()
	f.BoolVarP(&w.keepGoing, "keep-going", "k", false, "after a failure, run what does not need what failed")
	f.StringArrayVar(&w.force, "force", nil, "execute the `nodes` named so though their results are there")
	f.StringArrayVar(&w.until, "until", nil, "run nothing that needs what the `nodes` named so make")
}

// graph picks what is run of a graph.
func (w *conduct) graph(g *engine.Graph, targets []string) (*engine.Graph, error) {
	if _, err := g.Select(w.force); err != nil {
		return nil, &usageError{err}
	}
	part, err := g.Select(targets)
	if err == nil {
		part, err = part.Until(w.until)
	}
	if err != nil {
		return nil, &usageError{err}
	}
	return part, nil
}

// apply makes an engine go about its work so.
func (w *conduct) apply(e *engine.Engine) {
	e.KeepGoing = w.keepGoing
	if len(w.force) == 0 {
		return
	}
	e.Force = func(n *engine.Node) bool {
		for _, target := range w.force {
			if n.Matches(target) {
				return true
			}
		}
		return false
	}
}

// plain reports whether a run does all that its targets ask, and no more.
func (w *conduct) plain() bool { return len(w.force)+len(w.until) == 0 }
