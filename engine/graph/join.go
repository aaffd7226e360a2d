package graph

import (
	"slices"
	"strings"

	"assay/engine/graph/files"
	"assay/engine/recipe"
	"assay/engine/step"
)

// feeder returns a function that lists what a node of step s reads by a reference: a source,
// or the nodes of step up that have the same coordinates on the axes that both steps have.
// The node reads all values of an axis that only up has; the labels say which is which.
func feeder(s, up *builtStep, ref recipe.Ref) func(*Node) []Feed {
	if up == nil {
		return func(*Node) []Feed { return []Feed{{Source: ref.Step}} }
	}
	shared := sharedAxes(s, up)
	by := map[string][]Feed{}
	for _, from := range up.nodes {
		at := coordinates(from.Labels, shared)
		by[at] = append(by[at], Feed{Node: from, Output: ref.Port, Labels: without(from.Labels, shared)})
	}
	return func(n *Node) []Feed { return by[coordinates(n.Labels, shared)] }
}

// sharedAxes returns the axes that both steps have. All nodes of a step have the same axes.
func sharedAxes(s, t *builtStep) []string {
	if len(s.nodes) == 0 || len(t.nodes) == 0 {
		return nil
	}
	var shared []string
	for _, l := range s.nodes[0].Labels {
		if slices.ContainsFunc(t.nodes[0].Labels, func(m step.Label) bool { return m.Axis == l.Axis }) {
			shared = append(shared, l.Axis)
		}
	}
	return shared
}

// coordinates returns the coordinates of labels on some axes as text. Labels contain no
// slash.
func coordinates(labels step.Labels, axes []string) string {
	var b strings.Builder
	for _, axis := range axes {
		b.WriteString(labels.Get(axis) + "/")
	}
	return b.String()
}

// without returns the labels except those on some axes.
func without(labels step.Labels, axes []string) step.Labels {
	var rest step.Labels
	for _, l := range labels {
		if !slices.Contains(axes, l.Axis) {
			rest = append(rest, l)
		}
	}
	return rest
}

// parts returns a function that narrows what node i of a step reads by a reference to the files that
// its path names.
func (b *builder) parts(s *builtStep, ref recipe.Ref) func(i int, feeds []Feed) []Feed {
	if !ref.HasPath() {
		return func(_ int, feeds []Feed) []Feed { return feeds }
	}
	var same *files.Part // of all nodes, if no axis is in the path
	fixed := len(ref.PathNames()) == 0
	return func(i int, feeds []Feed) []Feed {
		p := same
		if p == nil {
			pattern := ref.Path(b.at(s.points[i]), b.ms)
			if pattern == nil {
				return feeds // the mistake is reported
			}
			p = &files.Part{Pos: ref.Pos, Pattern: pattern}
		}
		if fixed {
			same = p
		}
		feeds = slices.Clone(feeds) // other nodes share them
		for j := range feeds {
			feeds[j].Part = p
		}
		return feeds
	}
}
