package graph

import (
	"iter"

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
