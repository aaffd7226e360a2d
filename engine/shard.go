package engine

import (
	"encoding/binary"
	"fmt"
	"path"
	"strings"

	"assay/artifacts"
	"assay/artifacts/source"
	"assay/artifacts/store"
	"assay/engine/graph"
	"assay/engine/step"
)

// artifact is something a port can be fed: a tree and the way to read it.
type artifact struct {
	labels step.Labels
	tree   artifacts.Tree
	source *source.Source // nil if it is in the store
}

// actions describes the executions of a node: one, or one a shard if its kind
// has sharded inputs. in holds the artifacts of each binding.
func (e *Engine) actions(n *graph.Node, shards int, in [][]artifact) []*Action {
	if !n.Sharded(shards) {
		return []*Action{newAction(n, e.inputs(n, in, nil))}
	}
	parts := make([][][]artifacts.Tree, len(in)) // by binding, feed, shard
	filled := make([]bool, shards)
	for i, b := range n.Inputs {
		if !b.Port.Shard {
			continue
		}
		for _, a := range in[i] {
			cut := partition(a.tree, b.Port, shards)
			parts[i] = append(parts[i], cut)
			for k := range cut {
				filled[k] = filled[k] || len(cut[k]) > 0
			}
		}
	}
	out := make([]*Action, shards)
	for k := range out {
		if filled[k] {
			out[k] = newAction(n, e.inputs(n, in, func(i, j int) artifacts.Tree { return parts[i][j][k] }))
		}
	}
	return out
}

// inputs opens the inputs of an action. part returns the tree of a sharded
// binding and feed; it is nil if the node is not sharded.
func (e *Engine) inputs(n *graph.Node, in [][]artifact, part func(i, j int) artifacts.Tree) []ActionInput {
	var out []ActionInput
	for i, b := range n.Inputs {
		for j, a := range in[i] {
			tree := a.tree
			if b.Port.Shard && part != nil {
				tree = part(i, j)
			} else if b.Port.Match != "" {
				tree = a.tree.Filter(b.Port.Takes)
			}
			ai := ActionInput{Port: b.Port, Labels: a.labels, Tree: tree, source: a.source}
			if a.source != nil {
				ai.FS = a.source.FS(tree)
			} else {
				ai.FS = e.Store.FS(tree)
			}
			out = append(out, ai)
		}
	}
	return out
}

// partition cuts what a port takes of a tree into n parts.
func partition(t artifacts.Tree, port step.Port, n int) []artifacts.Tree {
	parts := make([]artifacts.Tree, n)
	for _, f := range t {
		if port.Takes(f.Name) {
			k := shardOf(f.Name, n)
			parts[k] = append(parts[k], f)
		}
	}
	return parts
}

// shardOf returns the shard of a file, a pure function of its path, so that a
// file that comes or goes moves no other. Files that differ only behind the
// first dot of their names stay together (an episode and its checksum), and
// what a sharded step made stays in the shard that made it.
func shardOf(name string, n int) int {
	if _, k, _, ok := artifacts.CutShard(name); ok {
		return k % n
	}
	stem, _, _ := strings.Cut(path.Base(name), ".")
	sum := artifacts.Of([]byte(path.Join(path.Dir(name), stem)))
	return int(binary.BigEndian.Uint64(sum[:8]) % uint64(n))
}

// unite puts the outputs of a node's actions together.
func unite(n *graph.Node, shards int, results []*store.Result) (map[string]artifacts.Tree, error) {
	out := map[string]artifacts.Tree{}
	for _, p := range n.Outputs {
		var trees []artifacts.Tree
		for k, r := range results {
			if r == nil {
				continue
			}
			t, ok := r.Tree(p.Name)
			if !ok {
				return nil, fmt.Errorf("the result has no output %s", p.Name)
			}
			if n.Sharded(shards) {
				t = t.Under(artifacts.ShardDir(k, shards))
			}
			trees = append(trees, t)
		}
		all, err := artifacts.Union(trees...)
		if err != nil {
			return nil, err
		}
		out[p.Name] = all
	}
	return out, nil
}
