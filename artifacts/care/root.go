package care

import (
	"slices"

	"assay/artifacts"
)

// A Root is something that gc always keeps: what a lock or a pin names.
type Root struct {
	Name      string                     // for people, "lock recipes/quick.lock"
	Artifacts []artifacts.LockedArtifact // if Key is zero, only the files are kept, not the result
	Actions   []artifacts.Digest         // keys of results that are kept whole
}

// RootOf returns what a lock keeps.
func RootOf(l *artifacts.Lock, name string) Root { return Root{Name: name, Artifacts: l.Artifacts} }

// kept marks results and blobs, by their numbers in a census.
type kept struct {
	results map[*held]bool
	blobs   []bool
}

// reach returns what the roots keep.
func (c *census) reach(roots []Root) *kept {
	k := &kept{map[*held]bool{}, make([]bool, len(c.blobs))}
	var byTree map[artifacts.Digest][]*held
	for _, root := range roots {
		for _, key := range root.Actions {
			k.keep(c.byKey[key])
		}
		for _, a := range root.Artifacts {
			k.mark(c.tree(a.Digest))
			if a.Key == (artifacts.Digest{}) || k.keep(c.byKey[a.Key]) {
				continue
			}
			if byTree == nil {
				byTree = c.byTree()
			}
			for _, part := range c.shardTrees(a.Digest) {
				for _, h := range byTree[part] {
					if h.kind == a.Kind && h.makes(a.Port(), part) {
						k.keep(h)
					}
				}
			}
		}
	}
	return k
}

// keep marks a result and everything the store has of it. It reports whether there is
// such a result.
func (k *kept) keep(h *held) bool {
	if h == nil {
		return false
	}
	k.results[h] = true
	k.mark(h.blobs)
	return true
}

func (k *kept) mark(ids []int) {
	for _, id := range ids {
		k.blobs[id] = true
	}
}

func (h *held) makes(port string, tree artifacts.Digest) bool {
	return slices.Contains(h.outputs, artifacts.NamedTree{Name: port, Tree: tree})
}

// byTree maps the trees of outputs to the results that made them.
func (c *census) byTree() map[artifacts.Digest][]*held {
	out := map[artifacts.Digest][]*held{}
	for _, h := range c.results {
		for _, o := range h.outputs {
			out[o.Tree] = append(out[o.Tree], h)
		}
	}
	return out
}

// shardTrees returns the trees that the shards of a node made, whose union is d. A lock
// has one key for all of them, by which no single one can be found. A shard that made
// nothing does not show in the union.
func (c *census) shardTrees(d artifacts.Digest) []artifacts.Digest {
	t, err := c.s.ReadTree(d)
	if err != nil {
		return nil
	}
	shards := map[string]artifacts.Tree{}
	for _, f := range t {
		if dir, _, rest, ok := artifacts.CutShard(f.Name); ok {
			shards[dir] = append(shards[dir], artifacts.File{Name: rest, Digest: f.Digest})
		}
	}
	if len(t) > 0 && len(shards) == 0 {
		return nil // the one result of a node without shards, and it is gone
	}
	out := []artifacts.Digest{artifacts.Tree(nil).Digest()}
	for _, part := range shards {
		out = append(out, part.Digest())
	}
	return out
}
