package engine

import (
	"slices"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine/graph"
)

// An Outcome is the outcome of a node: what it made, or why it failed.
type Outcome struct {
	Key     artifacts.Digest // of its action, or of the list of its actions' keys
	Outputs map[string]artifacts.Tree
	Ran     int // how many of its actions were executed, not found in the store
	Actions int // how many actions it has

	keys    []artifacts.Digest // by shard; zero where a shard is empty
	results []*store.Result    // by shard
	order   int64              // its position among the finished nodes, from 1
	err     error              // why there are no outputs
}

// Keys returns the keys of the node's actions.
func (o *Outcome) Keys() []artifacts.Digest {
	return slices.DeleteFunc(slices.Clone(o.keys), func(d artifacts.Digest) bool { return d == artifacts.Digest{} })
}

// Results are the outcomes of a run, and the sources that it read.
type Results struct {
	Graph    *graph.Graph
	Sources  map[string]artifacts.Digest // of the files of each source that a step reads, by its name
	Roots    map[string]artifacts.Digest // of all files of each source, by its absolute path
	Outcomes map[*graph.Node]*Outcome
}

// results returns the results. The digest of a source leaves out files that no port takes: the
// results do not depend on them, so they are not in the lock.
func (r *run) results() *Results {
	out := &Results{Graph: r.g, Outcomes: r.outcome, Sources: map[string]artifacts.Digest{},
		Roots: map[string]artifacts.Digest{}}
	ports := r.g.SourcePorts()
	for name, src := range r.sources {
		out.Roots[src.Root] = src.Digest()
		if len(ports[name]) == 0 {
			continue // only an axis looks at it
		}
		out.Sources[name] = r.g.Taken(name, src.Tree).Digest()
	}
	return out
}

// Lock returns the lock of the results.
func (rs *Results) Lock() *artifacts.Lock {
	l := &artifacts.Lock{}
	for name, d := range rs.Sources {
		l.Sources = append(l.Sources, artifacts.LockedSource{Name: name, Digest: d})
	}
	for n, o := range rs.Outcomes {
		for port, t := range o.Outputs {
			l.Artifacts = append(l.Artifacts, artifacts.LockedArtifact{
				Name: n.Name() + "." + port, Kind: n.Kind.String(), Key: o.Key, Digest: t.Digest(),
			})
		}
	}
	return l
}
