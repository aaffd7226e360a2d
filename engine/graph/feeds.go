package graph

import (
	"iter"
	"slices"

	"assay/artifacts"
	"assay/engine/step"
)

// Feeds yields every artifact that the node reads, with the port that reads it.
func (n *Node) Feeds() iter.Seq2[step.Port, Feed] {
	return func(yield func(step.Port, Feed) bool) {
		for _, b := range n.Inputs {
			for _, f := range b.Feeds {
				if !yield(b.Port, f) {
					return
				}
			}
		}
	}
}

// Upstream yields the nodes that the node reads from. One that feeds it twice comes twice.
func (n *Node) Upstream() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for _, f := range n.Feeds() {
			if f.Node != nil && !yield(f.Node) {
				return
			}
		}
	}
}

// Reads reports whether a node reads a source, or an axis looks at it, or a step reads it that is not known yet.
func (g *Graph) Reads(source string) bool {
	nodes := slices.Clone(g.Nodes)
	for _, l := range g.Later {
		nodes = append(nodes, l.Nodes...)
	}
	return g.from.data[source] != nil || slices.ContainsFunc(nodes, func(n *Node) bool {
		for _, f := range n.Feeds() {
			if f.Node == nil && f.Source == source {
				return true
			}
		}
		return false
	})
}

// Taken returns the files of each source that some node reads. Sources that no node reads are not in it.
func (g *Graph) Taken(trees map[string]artifacts.Tree) map[string]artifacts.Tree {
	type reader struct{ source, match, part string }
	seen := map[reader]bool{}
	some := map[string]map[string]bool{}
	out := map[string]artifacts.Tree{}
	for _, n := range g.Nodes {
		for port, f := range n.Feeds() {
			if f.Node != nil || len(out[f.Source]) > 0 {
				continue
			}
			if port.Match == "" && f.Part == nil {
				out[f.Source] = trees[f.Source]
				continue
			}
			r := reader{source: f.Source, match: port.Match}
			if f.Part != nil {
				r.part = f.Part.Pattern.String()
			}
			if seen[r] {
				continue
			}
			seen[r] = true
			if some[f.Source] == nil {
				some[f.Source] = make(map[string]bool, len(trees[f.Source]))
			}
			for _, file := range f.Part.Of(trees[f.Source]) {
				some[f.Source][file.Name] = some[f.Source][file.Name] || port.Takes(file.Name)
			}
		}
	}
	for source, files := range some {
		if len(out[source]) == 0 {
			out[source] = trees[source].Filter(func(file string) bool { return files[file] })
		}
	}
	return out
}
