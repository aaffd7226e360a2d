package graph

import (
	"fmt"
	"slices"
	"strings"

	"assay/engine/recipe"
	"assay/engine/step"
)

// Find returns the nodes that a target names, at least one; [Node.Matches] says what a
// target may be.
func (g *Graph) Find(target string) ([]*Node, error) {
	if err := step.CheckTarget(target); err != nil {
		return nil, err
	}
	var found []*Node
	for _, n := range g.Nodes {
		if n.Matches(target) {
			found = append(found, n)
		}
	}
	if len(found) == 0 {
		return nil, g.notFound(target)
	}
	return found, nil
}

// Check returns an error if a target names no node, and no step that is not known yet can have one that it names.
func (g *Graph) Check(target string) error {
	if slices.ContainsFunc(g.Later, func(l *Later) bool { return l.mayMatch(target) }) {
		return step.CheckTarget(target)
	}
	_, err := g.Find(target)
	return err
}

// A NoNodeError says that a target names no node.
type NoNodeError struct{ text string }

// Error implements error.
func (e *NoNodeError) Error() string { return e.text }

// notFound is the error for a target that names no node, with the one that was probably
// meant.
func (g *Graph) notFound(target string) error {
	if i := strings.LastIndexByte(target, '.'); i > strings.LastIndexByte(target, ']') {
		for _, n := range g.Nodes {
			if n.Matches(target[:i]) && hasPort(n.Outputs, target[i+1:]) {
				return fmt.Errorf("%s is an output; name the node that makes it: %s", target, target[:i])
			}
		}
	}
	for _, l := range g.Later {
		if l.mayMatch(target) {
			return fmt.Errorf("the nodes of %s are not all known yet; run %s first", l.Step, strings.Join(l.Waits(), ", "))
		}
	}
	step, _, _ := strings.Cut(target, "[")
	return &NoNodeError{fmt.Sprintf("no node is named %s (%s)", target, recipe.Suggest(step, g.names(step)))}
}

// Select returns the part of the graph that the targets need; all of it if there are no
// targets.
func (g *Graph) Select(targets []string) (*Graph, error) {
	if len(targets) == 0 {
		return g, nil
	}
	w := &wanted{g: g, nodes: map[*Node]bool{}, steps: map[string]bool{},
		later: map[*Later]bool{}}
	for _, t := range targets {
		if err := g.Check(t); err != nil {
			return nil, err
		}
		w.target(t)
	}
	return w.part(), nil
}

// Until returns the part of the graph that does not depend on the outputs of the
// targets: the targets, what they need, and what is independent of them.
func (g *Graph) Until(targets []string) (*Graph, error) {
	if len(targets) == 0 {
		return g, nil
	}
	for _, t := range targets {
		if err := g.Check(t); err != nil {
			return nil, err
		}
	}
	beyond, out := g.beyond(targets), g.part()
	for _, n := range g.Nodes {
		if !beyond[n] {
			out.Nodes = append(out.Nodes, n)
		}
	}
	out.Later = knowable(g.Later, func(n *Node) bool { return beyond[n] || n.MatchesAny(targets) })
	return out, nil
}

// MatchesAny reports whether one of the targets names the node.
func (n *Node) MatchesAny(targets []string) bool { return slices.ContainsFunc(targets, n.Matches) }

// Matches reports whether a target names the node; see [step.MatchTarget].
func (n *Node) Matches(target string) bool {
	return step.MatchTarget(target, n.Step, func(axis, value string) bool { return n.Labels.Get(axis) == value })
}

// names returns possible targets for a hint: the nodes of the step that a target names,
// or else the steps.
func (g *Graph) names(step string) []string {
	var nodes []string
	for _, n := range g.Nodes {
		if n.Step == step {
			nodes = append(nodes, n.Name())
		}
	}
	if len(nodes) > 0 {
		return nodes
	}
	return stepNames(g.Recipe)
}
