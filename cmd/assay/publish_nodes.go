package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"assay/cmd/assay/internal/live/produce"
	"assay/engine"
	"assay/engine/graph"
)

// finds are the nodes of a recipe that a producer can use.
type finds struct {
	s  *session
	rs *engine.Results
}

// finds looks up what is in the store.
func (s *session) finds(ctx context.Context) (*finds, error) {
	rs, _, err := s.inspect(ctx, s.graph)
	if err != nil {
		return nil, err
	}
	return &finds{s, rs}, nil
}

// nodes returns the nodes that are wanted and that fit, all of which are in the store. Without
// targets it returns those that fit and are in the store, at least one.
func (f *finds) nodes(targets []string, what string, fits func(*graph.Node) bool) ([]*graph.Node, error) {
	g := f.rs.Graph
	if _, err := g.Select(targets); err != nil {
		return nil, &usageError{err}
	}
	var list, missing []*graph.Node
	for _, n := range g.Nodes {
		switch {
		case !fits(n) || len(targets) > 0 && !n.MatchesAny(targets):
		case f.rs.Outcomes[n].Outputs == nil:
			missing = append(missing, n)
		default:
			list = append(list, n)
		}
	}
	if len(missing) > 0 && (len(targets) > 0 || len(list) == 0) {
		_, err := f.s.made(f.rs, missing[0])
		return nil, err
	}
	if len(list) == 0 {
		if len(targets) > 0 {
			return nil, usagef("%s is no node with %s; list the nodes with: assay show %s", strings.Join(targets, " "), what,
				f.s.file)
		}
		return nil, usagef("%s has no node with %s", f.s.file, what)
	}
	return list, nil
}

// output returns the files of an output of a node.
func (f *finds) output(n *graph.Node, port string) (fs.FS, error) {
	o, err := f.s.made(f.rs, n)
	if err != nil {
		return nil, err
	}
	t, err := f.s.output(n, o, port)
	if err != nil {
		return nil, err
	}
	return f.s.store.FS(t), nil
}

// input returns the files that a port of a node reads: an output, or a source where it lies.
func (f *finds) input(n *graph.Node, port string) (fs.FS, error) {
	for p, feed := range n.Feeds() {
		if p.Name != port {
			continue
		}
		if feed.Node != nil {
			return f.output(feed.Node, feed.Output)
		}
		for _, src := range f.rs.Graph.Recipe.Sources {
			if src.Name == feed.Source {
				return os.DirFS(src.Path), nil
			}
		}
	}
	return nil, fmt.Errorf("%s reads nothing as %s", n.Name(), port)
}

// upstream returns the node that a port reads from; nil if there is none.
func upstream(n *graph.Node, port string) *graph.Node {
	for p, feed := range n.Feeds() {
		if p.Name == port {
			return feed.Node
		}
	}
	return nil
}

// nameOf returns the name under which the page shows a model. A step is called as in the recipe,
// since two steps may train the same family.
func nameOf(n *graph.Node) produce.Name {
	name := produce.Name{Model: n.Step}
	var held []string
	for _, l := range n.Labels {
		if l.Axis == "view" {
			name.View = l.Value
		} else {
			held = append(held, l.Value)
		}
	}
	name.Split = strings.Join(held, ", ")
	return name
}
