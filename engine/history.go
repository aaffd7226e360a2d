package engine

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"assay/artifacts"
	"assay/artifacts/recipes"
	"assay/artifacts/store"
	"assay/engine/graph"
)

// history remembers which actions each node of a recipe had in the last run. It serves only
// to say why an action runs and how long it may take, so losing it loses reasons and
// estimates but no results.
type history struct {
	store *store.Store
	name  string                      // the recipe's absolute path
	keys  map[string]artifacts.Digest // by node and shard, see at
	nodes map[string]bool             // the nodes that have keys
}

// historyHead is the first line of the file. Each other line is an action: its key, the node
// and the shard. Everything else about an action is in its record; earlier versions also
// wrote the duration here.
const historyHead = "assay history 1"

// loadHistory reads what is remembered of a recipe. A file that it does not understand is no
// history.
func loadHistory(s *store.Store, recipe string) (*history, error) {
	abs, err := filepath.Abs(recipe)
	if err != nil {
		return nil, err
	}
	h := &history{s, abs, map[string]artifacts.Digest{}, map[string]bool{}}
	text, err := recipes.Notes(s, abs)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(text), "\n")
	if lines[0] != historyHead {
		return h, nil
	}
	for _, line := range lines[1:] {
		word := strings.Split(line, " ")
		if len(word) != 3 && len(word) != 4 {
			continue
		}
		if d, err := artifacts.ParseDigest(word[0]); err == nil {
			h.keys[word[1]+" "+word[2]], h.nodes[word[1]] = d, true
		}
	}
	return h, nil
}

// at is the key of a node's shard in history.keys, and the end of its line in the file.
func at(n *graph.Node, k int) string { return atNode(n.Name(), k) }

// atNode is at for a node of which only the name is known.
func atNode(node string, k int) string { return node + " " + strconv.Itoa(k) }

// knows reports whether the node has run in this store before.
func (h *history) knows(n *graph.Node) bool { return h.nodes[n.Name()] }

// save remembers the actions of the nodes that a run has finished.
func (h *history) save(r *run) error {
	for n, o := range r.outcome {
		if o.Outputs == nil {
			continue
		}
		for k, key := range o.keys {
			if key != (artifacts.Digest{}) {
				h.keys[at(n, k)] = key
			}
		}
	}
	lines := make([]string, 0, len(h.keys))
	for at, key := range h.keys {
		lines = append(lines, fmt.Sprintf("%s %s\n", key, at))
	}
	slices.SortFunc(lines, func(a, b string) int { return cmp.Compare(a[64:], b[64:]) })
	return recipes.Keep(h.store, h.name, []byte(historyHead+"\n"+strings.Join(lines, "")))
}

// last returns the action that a shard of a node had in the last run. It is nil if its text
// is lost.
func (h *history) last(n *graph.Node, k int) (a *artifacts.Action, known bool) {
	key, known := h.keys[at(n, k)]
	if !known {
		return nil, false
	}
	rec, err := h.store.Record(key)
	if err != nil {
		return nil, true
	}
	return rec.Action(), true
}
