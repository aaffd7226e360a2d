package graph

import (
	"slices"
	"strings"

	"assay/engine/recipe"
	"assay/engine/step"
)

// feeder returns a function that lists what a reference feeds to a node of step s: a
// source, or those nodes of step up that have the node's coordinates on the axes that
// both steps have. Axes that only up has are gathered, and become the labels of the
// feeds.
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

// sharedAxes returns the axes that two steps have. The nodes of a step all have
// the same.
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
