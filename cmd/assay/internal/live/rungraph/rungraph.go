// Package rungraph makes an event of how far a run of a recipe is, for the dashboard: its steps,
// what they read from each other, and how many of their nodes are done. Call [Of].
package rungraph

import (
	"slices"
	"time"

	"assay/cmd/assay/internal/live"
	"assay/engine/graph"
	"assay/engine/journal"
)

// Limits of the schema of the event.
const (
	maxSteps = 400
	maxEdges = 4000
)

// Of returns the event. g is the recipe of the run, or nil if it is not known; then the steps
// and arrows are those that the journal tells of.
func Of(r *journal.Run, story *journal.Story, g *graph.Graph) live.Run {
	b := &builder{at: map[string]int{}, edges: map[[2]int]bool{}}
	b.run = live.Run{
		Type: live.TypeRun, ID: r.ID, Recipe: clip(r.Recipe, 1000), Outcome: clip(string(r.Outcome), 40),
		Began: r.Began.UTC().Format(time.RFC3339), Seconds: max(story.End, 0), Jobs: max(r.Jobs, 0),
		Edges: [][2]int{},
	}
	stepOf := map[string]string{}
	for _, n := range story.Nodes {
		stepOf[n.Name] = n.Step
	}
	if g != nil {
		b.plan(g)
	}
	for _, n := range story.Nodes {
		b.told(n, g == nil)
		if from, ok := b.at[stepOf[n.After]]; ok && g == nil && n.After != "" {
			b.edge(from, b.at[n.Step])
		}
	}
	for step, nodes := range story.Known {
		if i, ok := b.at[step]; ok {
			b.run.Steps[i].Nodes = max(b.run.Steps[i].Nodes, nodes)
		}
	}
	for _, sp := range story.Spans {
		if i, ok := b.at[sp.Step]; ok && sp.Outcome == "ran" {
			b.run.Steps[i].Acted++
		}
	}
	b.layers()
	return b.run
}

// builder collects the steps and edges of a run.
type builder struct {
	run   live.Run
	at    map[string]int // index of a step
	edges map[[2]int]bool
}

// step returns the index of a step, which it adds if it is new; false if there are too many.
func (b *builder) step(name string) (int, bool) {
	i, ok := b.at[name]
	if !ok && len(b.run.Steps) < maxSteps {
		i, ok = len(b.run.Steps), true
		b.at[name] = i
		b.run.Steps = append(b.run.Steps, live.RunStep{Name: clip(name, 200)})
	}
	return i, ok
}

// plan adds the steps of a recipe, with the number of their nodes.
func (b *builder) plan(g *graph.Graph) {
	for _, n := range g.Nodes {
		to, ok := b.step(n.Step)
		if !ok {
			return
		}
		b.run.Steps[to].Nodes++
		for up := range n.Upstream() {
			b.from(up.Step, to)
		}
	}
	for _, l := range g.Later {
		b.later(l)
	}
}

// later adds a step whose nodes are not known yet.
func (b *builder) later(l *graph.Later) {
	to, ok := b.step(l.Step)
	if !ok {
		return
	}
	for _, n := range l.Nodes {
		for up := range n.Upstream() {
			b.from(up.Step, to)
		}
	}
	for _, up := range l.After {
		b.from(up.Step, to)
	}
	for _, up := range l.Needs {
		b.from(up.Step, to)
	}
}

// from adds an edge from a step, if that is there.
func (b *builder) from(step string, to int) {
	if from, ok := b.at[step]; ok {
		b.edge(from, to)
	}
}

// told adds what the journal tells of a node. Unless the recipe is known, it counts the node.
func (b *builder) told(n *journal.NodeStory, count bool) {
	i, ok := b.step(n.Step)
	if !ok {
		return
	}
	s := &b.run.Steps[i]
	if count {
		s.Nodes++
	}
	s.Actions += n.Actions
	switch n.State() {
	case "failed", "blocked":
		s.Failed++
	case "ran", "up to date":
		s.Done++
		if n.Ran == 0 {
			s.Cached++
		}
	case "running":
		s.Running++
	}
	if n.Ran == 0 || n.Cached > 0 {
		s.Acted += n.Cached
	}
	s.Nodes = max(s.Nodes, s.Done+s.Running+s.Failed) // a recipe that was changed since
}

func (b *builder) edge(from, to int) {
	key := [2]int{from, to}
	if from != to && !b.edges[key] && len(b.edges) < maxEdges {
		b.edges[key] = true
		b.run.Edges = append(b.run.Edges, key)
	}
}

// layers puts each step behind all that it reads from. Steps that read from each other in a
// circle, which only a damaged journal can say, stop at the number of steps.
func (b *builder) layers() {
	slices.SortFunc(b.run.Edges, func(x, y [2]int) int { return slices.Compare(x[:], y[:]) })
	for range b.run.Steps {
		moved := false
		for _, e := range b.run.Edges {
			from, to := &b.run.Steps[e[0]], &b.run.Steps[e[1]]
			if to.Layer <= from.Layer && from.Layer < len(b.run.Steps) {
				to.Layer, moved = from.Layer+1, true
			}
		}
		if !moved {
			return
		}
	}
}

// clip cuts a text to what the schema allows.
func clip(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
