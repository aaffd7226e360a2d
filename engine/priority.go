package engine

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"assay/artifacts"
	"assay/engine/graph"
)

// unknownDuration is assumed for a node that has never run.
const unknownDuration = time.Second

// urgencies returns a function that estimates from the history how many seconds pass from the
// start of a node to the end of the last node that needs it. The node with the most seconds
// runs first. The records are read when the first node asks, so that a run in which
// everything is up to date reads none.
func urgencies(g *graph.Graph, h *history) func(*graph.Node) float64 {
	all := sync.OnceValue(func() map[*graph.Node]float64 { return criticalPaths(g, h) })
	return func(n *graph.Node) float64 { return all()[n] }
}

// criticalPaths computes these seconds for all nodes, from the last node to the first.
func criticalPaths(g *graph.Graph, h *history) map[*graph.Node]float64 {
	path := make(map[*graph.Node]float64, len(g.Nodes))
	for n, s := range untilKnown(g, h) {
		path[n] = s
	}
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		n := g.Nodes[i]
		d, _ := h.took(n.Name())
		path[n] += d.Seconds()
		for up := range n.Upstream() {
			path[up] = max(path[up], path[n])
		}
	}
	return path
}

// untilKnown estimates the same for the nodes that the steps need whose nodes are not known yet: each of these steps
// takes as long as its longest node did in the last run.
func untilKnown(g *graph.Graph, h *history) map[*graph.Node]float64 {
	path := map[*graph.Node]float64{}
	rest := map[*graph.Later]float64{}
	for _, l := range slices.Backward(g.Later) {
		rest[l] += h.longest(l.Step).Seconds()
		for _, up := range l.Needs {
			rest[up] = max(rest[up], rest[l])
		}
		for _, n := range l.After {
			path[n] = max(path[n], rest[l])
		}
		for _, n := range l.Nodes {
			for up := range n.Upstream() {
				path[up] = max(path[up], rest[l])
			}
		}
	}
	return path
}

// longest returns how long the longest node of a step took in the last run.
func (h *history) longest(step string) time.Duration {
	most := time.Duration(0)
	for name := range h.nodes {
		if name == step || strings.HasPrefix(name, step+"[") {
			d, _ := h.took(name)
			most = max(most, d)
		}
	}
	return cmp.Or(most, unknownDuration)
}

// took returns from the records how long the actions of a node took together when they were
// last executed, and how many actions that are.
func (h *history) took(node string) (sum time.Duration, actions int) {
	if !h.nodes[node] {
		return unknownDuration, 0
	}
	for k := 0; ; k++ {
		key, ok := h.keys[atNode(node, k)]
		if !ok && k > 0 {
			return sum, actions
		}
		if key == (artifacts.Digest{}) {
			continue
		}
		if rec, err := h.store.Record(key); err == nil {
			sum, actions = sum+rec.Took, actions+1
		}
	}
}

// expectations returns a function that says how long an action of a node took on average when
// it was last executed; 0 if that is unknown. It reads the records of a node once.
func expectations(h *history) func(*graph.Node) time.Duration {
	var known sync.Map // *graph.Node to func() time.Duration
	return func(n *graph.Node) time.Duration {
		once, _ := known.LoadOrStore(n, sync.OnceValue(func() time.Duration {
			sum, actions := h.took(n.Name())
			return sum / time.Duration(max(actions, 1)) * time.Duration(min(actions, 1))
		}))
		return once.(func() time.Duration)()
	}
}

// Expected returns how many seconds an action of each step took on average when it was last
// executed, by the name of the step. Steps that have never run are not in it.
func (e *Engine) Expected(g *graph.Graph) map[string]float64 {
	h, err := loadHistory(e.Store, g.Recipe.File.Name)
	if err != nil {
		return nil // there are no estimates then
	}
	sum, actions := map[string]float64{}, map[string]int{}
	add := func(step, node string) {
		if d, k := h.took(node); k > 0 {
			sum[step], actions[step] = sum[step]+d.Seconds(), actions[step]+k
		}
	}
	for _, n := range g.Nodes {
		add(n.Step, n.Name())
	}
	for _, l := range g.Later {
		for name := range h.nodes {
			if name == l.Step || strings.HasPrefix(name, l.Step+"[") {
				add(l.Step, name)
			}
		}
	}
	for name, k := range actions {
		sum[name] /= float64(k)
	}
	return sum
}
