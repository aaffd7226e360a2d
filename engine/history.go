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

// history remembers which actions each node of a recipe had last time. It decides
// nothing; it is there to say why something runs, and how long that may take. Losing it
// loses reasons and estimates.
type history struct {
	store *store.Store
	name  string // of its file
	keys  map[string]artifacts.Digest
	nodes map[string]bool
}

// Its file has a line for each action: the key, the node and the shard. What else is known
// of an action, its record says. Earlier versions wrote the duration too.

const historyHead = "assay history 1"

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

func at(n *graph.Node, k int) string { return n.Name() + " " + strconv.Itoa(k) }

// knows reports whether the node was ever run in this store.
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

// last returns the action that a shard of a node had last time; nil if its text is lost.
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
