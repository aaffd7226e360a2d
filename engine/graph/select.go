package graph

import (
	"slices"

	"assay/engine/step"
)

// wanted is what some targets need.
type wanted struct {
	g     *Graph
	nodes map[*Node]bool // of steps that are known, and of others
	steps map[string]bool
	later map[*Later]bool
	queue []*Node // whose needs are not wanted yet
}

// target wants the nodes that a target names, and the steps that may have some.
func (w *wanted) target(t string) {
	for _, n := range w.g.Nodes {
		if n.Matches(t) {
			w.add(n)
		}
	}
	for _, l := range w.g.Later {
		if !l.mayMatch(t) {
			continue
		}
		w.need(l)
		for _, n := range l.Nodes {
			if l.Known && n.Matches(t) {
				w.add(n)
			}
		}
	}
}

func (w *wanted) add(list ...*Node) {
	for _, n := range list {
		if !w.nodes[n] {
			w.nodes[n] = true
			w.queue = append(w.queue, n)
		}
	}
}

// need wants what has to be made for a step to be known. What its nodes read is wanted only as far as that is
// certain.
func (w *wanted) need(l *Later) {
	if w.later[l] {
		return
	}
	w.later[l] = true
	w.add(l.After...)
	if !l.Known {
		w.add(l.Nodes...) // it has the inputs that all nodes of the step have
	}
	for _, up := range l.Needs {
		w.need(up)
	}
}

// part returns the part of the graph that is wanted, with all that it needs.
func (w *wanted) part() *Graph {
	for len(w.queue) > 0 {
		n := w.queue[len(w.queue)-1]
		w.queue = w.queue[:len(w.queue)-1]
		for up := range n.Upstream() {
			w.add(up)
		}
		if !w.steps[n.Step] {
			w.steps[n.Step] = true
			w.add(w.g.axes[n.Step]...)
		}
	}
	out := w.g.part()
	for _, n := range w.g.Nodes {
		if w.nodes[n] {
			out.Nodes = append(out.Nodes, n)
		}
	}
	for _, l := range w.g.Later {
		if w.later[l] {
			out.Later = append(out.Later, l)
		}
	}
	return out
}

// beyond returns the nodes that depend on the outputs of the targets.
func (g *Graph) beyond(targets []string) map[*Node]bool {
	beyond := map[*Node]bool{}
	over := func(up *Node) bool { return beyond[up] || up.MatchesAny(targets) }
	for changed := true; changed; {
		changed = false
		for _, n := range g.Nodes {
			is := beyond[n] || slices.ContainsFunc(g.axes[n.Step], over)
			for up := range n.Upstream() {
				is = is || over(up)
			}
			changed = changed || is && !beyond[n] && len(g.axes) > 0 // which may come after the step
			beyond[n] = is
		}
	}
	return beyond
}

// mayMatch reports whether a target may name a node of a step that is not known yet.
func (l *Later) mayMatch(target string) bool {
	if l.Known {
		return slices.ContainsFunc(l.Nodes, func(n *Node) bool { return n.Matches(target) })
	}
	return slices.ContainsFunc(l.Nodes, func(n *Node) bool {
		return step.MatchTarget(target, n.Step, func(axis, _ string) bool { return n.Labels.Get(axis) != "" })
	})
}

// knowable returns the steps that can still be known if some nodes do not run.
func knowable(list []*Later, out func(*Node) bool) []*Later {
	can := map[*Later]bool{}
	var check func(l *Later) bool
	check = func(l *Later) bool {
		if _, seen := can[l]; !seen {
			can[l] = !slices.ContainsFunc(l.After, out)
			for _, up := range l.Needs {
				can[l] = can[l] && check(up)
			}
		}
		return can[l]
	}
	return slices.DeleteFunc(slices.Clone(list), func(l *Later) bool { return !check(l) })
}
