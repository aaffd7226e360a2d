package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/diagram"
	"assay/engine"
	"assay/engine/graph"
)

// diagram turns a graph into a drawing. If a plan cannot be made, for example because a
// source is missing, the drawing shows no states.
func (s *session) diagram(c *cobra.Command, g *graph.Graph, nodes bool) *diagram.Graph {
	rs, plan, err := s.inspect(c.Context(), g)
	if err != nil {
		fmt.Fprintf(s.err, "warning: cannot tell what is up to date: %v\n", err)
	} else {
		g = rs.Graph
	}
	d := &drawer{
		g:    &diagram.Graph{Title: g.Recipe.Name},
		all:  g,
		id:   (*graph.Node).Name,
		seen: map[string]int{}, edges: map[[2]string]int{}, group: map[string][]engine.Planned{},
	}
	if d.g.Title == "" {
		d.g.Title = filepath.Base(s.file)
	}
	if !nodes {
		d.id = func(n *graph.Node) string { return n.Step }
		d.steps = true
	}
	planned := map[*graph.Node]engine.Planned{}
	for _, p := range plan {
		planned[p.Node] = p
	}
	for _, n := range d.known() {
		d.sources(n)
	}
	for _, n := range g.Nodes {
		p, known := planned[n]
		d.node(n, p, known)
		d.axes(n)
	}
	for _, l := range g.Later {
		d.later(l)
	}
	d.outputs()
	return d.g
}

// drawer collects the boxes and arrows of a drawing.
type drawer struct {
	g     *diagram.Graph
	all   *graph.Graph
	steps bool // one box per step, not per node
	id    func(*graph.Node) string
	seen  map[string]int              // index of a box
	edges map[[2]string]int           // index of an edge
	group map[string][]engine.Planned // the nodes of a box
}

func (d *drawer) box(b diagram.Box) {
	if _, ok := d.seen[b.ID]; !ok {
		d.seen[b.ID] = len(d.g.Boxes)
		d.g.Boxes = append(d.g.Boxes, b)
	}
}

// sources draws the sources that a node reads.
func (d *drawer) sources(n *graph.Node) {
	for _, f := range n.Feeds() {
		if f.Node == nil {
			d.box(diagram.Box{ID: "source " + f.Source, Title: f.Source, State: diagram.Source, Hover: "source " +
				f.Source + ": " + d.path(f.Source)})
		}
	}
}

func (d *drawer) path(src string) string {
	for _, s := range d.all.Recipe.Sources {
		if s.Name == src {
			return s.Path
		}
	}
	return ""
}

// node draws a node, or adds it to its step's box.
func (d *drawer) node(n *graph.Node, p engine.Planned, known bool) {
	id := d.id(n)
	title, sub := n.Step, n.Kind.String()
	if !d.steps && len(n.Labels) > 0 {
		sub = n.Labels.String()
	}
	d.box(diagram.Box{ID: id, Title: title, Sub: sub, Hover: id})
	p.Node = n
	d.group[id] = append(d.group[id], p)
	b := &d.g.Boxes[d.seen[id]]
	if known {
		d.state(b, d.group[id])
	} else if d.steps && len(d.group[id]) > 1 {
		b.Sub = fmt.Sprintf("%s · %d nodes", n.Kind, len(d.group[id]))
	}
	d.reads(n, id)
}

// reads draws arrows from what a node reads to its box.
func (d *drawer) reads(n *graph.Node, id string) {
	for port, f := range n.Feeds() {
		from, what := "source "+f.Source, f.Source
		if f.Node != nil {
			from, what = d.id(f.Node), f.Node.Step+"."+f.Output
		}
		if f.Part != nil {
			what += "/" + f.Part.Pattern.String()
		}
		d.edge(from, id, port.Name, what+" → "+n.Step+"."+port.Name)
	}
}

// state gives a box the state of its nodes. The worst of them counts, and the hover text has
// the reasons.
func (d *drawer) state(b *diagram.Box, list []engine.Planned) {
	worst := engine.UpToDate
	count := map[engine.State]int{}
	hover := []string{b.ID}
	for _, p := range list {
		count[p.State]++
		worst = max(worst, p.State)
		if p.State != engine.UpToDate && len(hover) < 12 {
			hover = append(hover, fmt.Sprintf("%s: %s: %s", p.Node.Name(), p.State, p.Reasons.String()))
		}
	}
	b.State = map[engine.State]diagram.State{
		engine.UpToDate: diagram.UpToDate, engine.MayRun: diagram.MayRun, engine.WillRun: diagram.WillRun,
	}[worst]
	b.Hover = strings.Join(hover, "\n")
	if d.steps && len(list) > 1 {
		b.Sub = fmt.Sprintf("%s · %d nodes", list[0].Node.Kind, len(list))
		if todo := count[worst]; worst != engine.UpToDate && todo < len(list) {
			b.Sub = fmt.Sprintf("%s · %d of %d nodes", list[0].Node.Kind, todo, len(list))
		}
	}
}

// edge draws an arrow. Several arrows between the same boxes become one with all labels.
func (d *drawer) edge(from, to, label, hover string) {
	i, ok := d.edges[[2]string{from, to}]
	if !ok {
		d.edges[[2]string{from, to}] = len(d.g.Edges)
		d.g.Edges = append(d.g.Edges, diagram.Edge{From: from, To: to, Label: label, Hover: hover})
		return
	}
	e := &d.g.Edges[i]
	if !contains(e.Label, ", ", label) {
		e.Label += ", " + label
	}
	if !contains(e.Hover, "\n", hover) {
		e.Hover += "\n" + hover
	}
}

func contains(list, sep, item string) bool {
	for part := range strings.SplitSeq(list, sep) {
		if part == item {
			return true
		}
	}
	return false
}

// outputs draws the folders under "outputs:".
func (d *drawer) outputs() {
	for _, out := range d.all.Recipe.Deliveries {
		id := "output " + out.Path
		for _, n := range d.known() {
			if n.Step == out.Ref.Step {
				d.box(diagram.Box{ID: id, Title: out.Path, State: diagram.Output, Hover: "copied to " + out.Path +
					" after every run"})
				d.edge(d.id(n), id, out.Ref.Port, out.Ref.String()+" → "+out.Path)
			}
		}
	}
}
