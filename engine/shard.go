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

// artifact is what a port reads: a tree, and how to read its files.
type artifact struct {
	labels step.Labels
	from   string // see origin
	tree   artifacts.Tree
	source *source.Source // nil if it is in the store
}

// actions describes the executions of a node: one, or one per shard if its kind has sharded
// inputs. The action of an empty shard is nil. in holds the artifacts of each input.
func (e *Engine) actions(n *graph.Node, shards int, in [][]artifact) []*Action {
	if !n.Sharded(shards) {
		return []*Action{newAction(n, e.inputs(n, in, nil))}
	}
	parts := make([][][]artifacts.Tree, len(in)) // by input, artifact, shard
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

// inputs opens the inputs of an action. part returns the shard of artifact j of input i; it is
// nil if the node is not sharded.
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
			ai := ActionInput{Port: b.Port, Labels: a.labels, From: a.from, Tree: tree, source: a.source}
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

// partition cuts the files of a tree that a port takes into n shards.
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

// shardOf returns the shard of a file. It is a pure function of the path, so that adding or
// removing a file moves no other. Files whose names differ only after the first dot stay
// together (an episode and its checksum). What a sharded step made stays in the shard that
// made it.
func shardOf(name string, n int) int {
	if _, k, _, ok := artifacts.CutShard(name); ok {
		return k % n
	}
	stem, _, _ := strings.Cut(path.Base(name), ".")
	sum := artifacts.Of([]byte(path.Join(path.Dir(name), stem)))
	return int(binary.BigEndian.Uint64(sum[:8]) % uint64(n))
}

// unite returns the outputs of a node: for each port, the union of what its actions made.
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
