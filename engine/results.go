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

	keys    []artifacts.Digest    // by shard; zero where a shard is empty
	results []*store.Result       // by shard; none if it is settled
	known   []artifacts.NamedTree // the digests of outputs, if the memory has them
	settled bool                  // taken over from the memory, before all others
	order   int64                 // its position among the finished nodes, from 1
	err     error                 // why there are no outputs
}

// Keys returns the keys of the node's actions.
func (o *Outcome) Keys() []artifacts.Digest {
	return slices.DeleteFunc(slices.Clone(o.keys), func(d artifacts.Digest) bool { return d == artifacts.Digest{} })
}

// Digest returns the digest of an output.
func (o *Outcome) Digest(port string) artifacts.Digest {
	for _, out := range o.known {
		if out.Name == port {
			return out.Tree
		}
	}
	return o.Outputs[port].Digest()
}

// Results are the outcomes of a run, and the sources that it read.
type Results struct {
	Graph    *graph.Graph
	Sources  map[string]artifacts.Digest // of the files of each source that a step reads, by its name
	Roots    map[string]artifacts.Digest // of all files of each source, by its absolute path
	Outcomes map[*graph.Node]*Outcome

	whole map[string]artifacts.Digest // of all files of each source, by its name
	lock  []byte                      // its text; nil until somebody asks
}

// results returns the results. The digest of a source leaves out files that no port takes: the
// results do not depend on them, so they are not in the lock.
func (r *run) results() *Results {
	out := &Results{Graph: r.g, Outcomes: r.outcome, Sources: map[string]artifacts.Digest{},
		Roots: map[string]artifacts.Digest{}, whole: map[string]artifacts.Digest{}}
	trees := make(map[string]artifacts.Tree, len(r.sources))
	for name, src := range r.sources {
		out.Roots[src.Root], out.whole[name] = src.Digest(), src.Digest()
		trees[name] = src.Tree
	}
	for name, taken := range r.g.Taken(trees) { // a source that is not in it is only looked at by an axis
		if out.Sources[name] = r.sources[name].Digest(); len(taken) < len(trees[name]) {
			out.Sources[name] = taken.Digest()
		}
	}
	return out
}

// Lock returns the lock of the results.
func (rs *Results) Lock() *artifacts.Lock {
	l := &artifacts.Lock{Artifacts: make([]artifacts.LockedArtifact, 0, len(rs.Graph.Nodes))}
	for name, d := range rs.Sources {
		l.Sources = append(l.Sources, artifacts.LockedSource{Name: name, Digest: d})
	}
	for _, n := range rs.Graph.Nodes {
		o := rs.Outcomes[n]
		for port := range o.Outputs {
			l.Artifacts = append(l.Artifacts, artifacts.LockedArtifact{
				Name: n.Name() + "." + port, Kind: n.Kind.String(), Key: o.Key, Digest: o.Digest(port),
			})
		}
	}
	return l
}

// LockText returns the text of the lock. It is made once, and nobody may change it.
func (rs *Results) LockText() []byte {
	if rs.lock == nil {
		rs.lock = rs.Lock().Text()
	}
	return rs.lock
}
