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

// SourcePorts returns the ports that read each source, by the source's name. Sources that
// no node reads are not in it.
func (g *Graph) SourcePorts() map[string][]step.Port {
	out := map[string][]step.Port{}
	for _, n := range g.Nodes {
		for port, f := range n.Feeds() {
			if f.Node == nil {
				out[f.Source] = append(out[f.Source], port)
			}
		}
	}
	return out
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

// Taken returns the files of a source that some node reads.
func (g *Graph) Taken(source string, t artifacts.Tree) artifacts.Tree {
	type reader struct{ match, part string }
	seen := map[reader]bool{}
	taken := make(map[string]bool, len(t))
	for _, n := range g.Nodes {
		for port, f := range n.Feeds() {
			r := reader{match: port.Match}
			if f.Part != nil {
				r.part = f.Part.Pattern.String()
			}
			if f.Node != nil || f.Source != source || seen[r] {
				continue
			}
			seen[r] = true
			for _, file := range f.Part.Of(t) {
				taken[file.Name] = taken[file.Name] || port.Takes(file.Name)
			}
		}
	}
	return t.Filter(func(file string) bool { return taken[file] })
}
