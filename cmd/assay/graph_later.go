package main

import (
	"fmt"

	"assay/cmd/assay/internal/diagram"
	"assay/engine/graph"
)

// known returns the nodes of the graph, and what is known of those that it does not have yet.
func (d *drawer) known() []*graph.Node {
	list := append([]*graph.Node{}, d.all.Nodes...)
	for _, l := range d.all.Later {
		list = append(list, l.Nodes...)
	}
	return list
}

// axes draws arrows from the nodes that made the values of a node's axes, or from their steps, once for each step.
func (d *drawer) axes(n *graph.Node) {
	s, err := d.all.Recipe.Find(n.Step)
	if err != nil || d.steps && len(d.group[d.id(n)]) > 1 {
		return
	}
	for _, a := range s.Matrix.Axes {
		if a.Data == nil || a.Data.From.Port == "" {
			continue
		}
		for _, up := range d.all.Axes(n.Step) {
			if up.Step == a.Data.From.Step && agree(up, n) {
				d.edge(d.id(up), d.id(n), "axis "+a.Name, a.Data.From.String()+" → axis "+a.Name+" of "+n.Step)
			}
		}
	}
}

// agree reports whether two nodes have the same coordinates on the axes that both have.
func agree(n, m *graph.Node) bool {
	for _, l := range n.Labels {
		if v := m.Labels.Get(l.Axis); v != "" && v != l.Value {
			return false
		}
	}
	return true
}

// later draws a step that is not known yet, and arrows from what it waits for.
func (d *drawer) later(l *graph.Later) {
	for _, n := range l.Nodes {
		id := d.id(n)
		sub := l.Kind.String()
		if !l.Known {
			sub += " · nodes unknown"
		}
		d.box(diagram.Box{ID: id, Title: l.Step, Sub: sub, Hover: fmt.Sprintf("%s: %s", id, unknownBecause(l))})
		d.reads(n, id)
		for _, up := range l.After {
			d.edge(d.id(up), id, "axes", up.Name()+" → axes of "+l.Step)
		}
		for _, up := range l.Needs {
			if _, drawn := d.edges[[2]string{d.id(up.Nodes[0]), id}]; !drawn {
				d.edge(d.id(up.Nodes[0]), id, "axes", up.Step+" → "+l.Step)
			}
		}
	}
}
