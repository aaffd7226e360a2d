package engine

import (
	"assay/engine/graph"
	"time"
)

// unknownDuration stands for a node that was never timed.
const unknownDuration = time.Second

// criticalPaths returns for each node how many seconds pass, by what is
// remembered, from its start to the end of the last node that needs it. What
// has the longest way to go is run first.
func (r *run) criticalPaths() map[*graph.Node]float64 {
	path := make(map[*graph.Node]float64, len(r.g.Nodes))
	for i := len(r.g.Nodes) - 1; i >= 0; i-- {
		n := r.g.Nodes[i]
		path[n] += r.history.duration(n).Seconds()
		for _, b := range n.Inputs {
			for _, f := range b.Feeds {
				if f.Node != nil {
					path[f.Node] = max(path[f.Node], path[n])
				}
			}
		}
	}
	return path
}
