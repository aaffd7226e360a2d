package engine

import (
	"cmp"
	"encoding/hex"
	"iter"
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
	name  string // the recipe's absolute path
	lines []acted
}

// acted is the last action of a shard of a node. A history has them sorted by where they were.
type acted struct {
	at  string // see at
	key artifacts.Digest
}

func (a acted) compare(at string) int { return cmp.Compare(a.at, at) }

// node returns the name of the node.
func (a acted) node() string { return a.at[:strings.LastIndexByte(a.at, ' ')] }

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
	h := &history{store: s, name: abs}
	notes, err := recipes.Notes(s, abs)
	if err != nil {
		return nil, err
	}
	head, text, _ := strings.Cut(string(notes), "\n")
	if head != historyHead {
		return h, nil
	}
	h.lines = make([]acted, 0, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		key, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		node, shard, ok := strings.Cut(rest, " ")
		shard, _, _ = strings.Cut(shard, " ")
		if d, err := artifacts.ParseDigest(key); err == nil && ok {
			h.lines = append(h.lines, acted{rest[:len(node)+len(" ")+len(shard)], d})
		}
	}
	h.sort()
	return h, nil
}

// sort sorts the lines. Of two about the same action the later one counts.
func (h *history) sort() {
	slices.SortStableFunc(h.lines, func(a, b acted) int { return a.compare(b.at) })
	unique := h.lines[:0]
	for i, l := range h.lines {
		if i+1 == len(h.lines) || h.lines[i+1].at != l.at {
			unique = append(unique, l)
		}
	}
	h.lines = unique
}

// at is where an action was: the end of its line in the file.
func at(node string, k int) string { return node + " " + strconv.Itoa(k) }

// key returns the key of the last action of a node's shard.
func (h *history) key(node string, k int) (artifacts.Digest, bool) {
	i, ok := slices.BinarySearchFunc(h.lines, at(node, k), acted.compare)
	if !ok {
		return artifacts.Digest{}, false
	}
	return h.lines[i].key, true
}

// knows reports whether the node has run in this store before.
func (h *history) knows(node string) bool {
	begin := node + " "
	i, _ := slices.BinarySearchFunc(h.lines, begin, acted.compare)
	return i < len(h.lines) && strings.HasPrefix(h.lines[i].at, begin)
}

// nodesOf yields the names of a step's nodes that have run in this store before.
func (h *history) nodesOf(step string) iter.Seq[string] {
	return func(yield func(string) bool) {
		last := ""
		for _, l := range h.lines {
			name := l.node()
			if name == last || name != step && !strings.HasPrefix(name, step+"[") {
				continue
			}
			if last = name; !yield(name) {
				return
			}
		}
	}
}

// save remembers the actions of the nodes that a run has finished.
func (h *history) save(r *run) error {
	old := len(h.lines)
	for _, n := range r.g.Nodes {
		o := r.outcome[n]
		if o.Outputs == nil {
			continue
		}
		for k, key := range o.keys {
			if key == (artifacts.Digest{}) {
				continue
			}
			if i, ok := slices.BinarySearchFunc(h.lines[:old], at(n.Name(), k), acted.compare); ok {
				h.lines[i].key = key
			} else {
				h.lines = append(h.lines, acted{at(n.Name(), k), key})
			}
		}
	}
	h.sort()
	return recipes.Keep(h.store, h.name, h.text())
}

// text returns the text of the file.
func (h *history) text() []byte {
	size := len(historyHead) + len("\n")
	for _, l := range h.lines {
		size += 2*len(l.key) + len(" \n") + len(l.at)
	}
	b := append(append(make([]byte, 0, size), historyHead...), '\n')
	for _, l := range h.lines {
		b = append(hex.AppendEncode(b, l.key[:]), ' ')
		b = append(append(b, l.at...), '\n')
	}
	return b
}

// last returns the action that a shard of a node had in the last run. It is nil if its text
// is lost.
func (h *history) last(n *graph.Node, k int) (a *artifacts.Action, known bool) {
	key, known := h.key(n.Name(), k)
	if !known {
		return nil, false
	}
	rec, err := h.store.Record(key)
	if err != nil {
		return nil, true
	}
	return rec.Action(), true
}
