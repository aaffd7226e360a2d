package engine

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine/graph"
)

// history remembers which actions each node of a recipe came to last time. It
// decides nothing; it is there to say why something runs. Losing it loses
// reasons.
type history struct {
	store *store.Store
	name  string // of its file
	keys  map[string]artifacts.Digest
	took  map[string]time.Duration
	nodes map[string]bool
}

// Its file has a line for each action: the key, the node, the shard and how
// many milliseconds it took.

const historyHead = "assay history 1"

func loadHistory(s *store.Store, recipe string) (*history, error) {
	abs, err := filepath.Abs(recipe)
	if err != nil {
		return nil, err
	}
	h := &history{s, abs, map[string]artifacts.Digest{}, map[string]time.Duration{}, map[string]bool{}}
	text, err := s.RecipeNotes(abs)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(text), "\n")
	if lines[0] != historyHead {
		return h, nil
	}
	for _, line := range lines[1:] {
		word := strings.Split(line, " ")
		if len(word) != 4 {
			continue
		}
		d, err1 := artifacts.ParseDigest(word[0])
		ms, err2 := strconv.Atoi(word[3])
		if err1 == nil && err2 == nil {
			at := word[1] + " " + word[2]
			h.keys[at], h.took[at], h.nodes[word[1]] = d, time.Duration(ms)*time.Millisecond, true
		}
	}
	return h, nil
}

func at(n *graph.Node, k int) string { return n.Name() + " " + strconv.Itoa(k) }

// knows reports whether the node was ever run in this store.
func (h *history) knows(n *graph.Node) bool { return h.nodes[n.Name()] }

// duration returns how long a node's actions took in all when they were last
// executed.
func (h *history) duration(n *graph.Node) time.Duration {
	if !h.knows(n) {
		return unknownDuration
	}
	var sum time.Duration
	for k := 0; ; k++ {
		t, ok := h.took[at(n, k)]
		if !ok && k > 0 {
			return sum
		}
		sum += t
	}
}

// save remembers the actions of the nodes that a run has finished.
func (h *history) save(r *run) error {
	for n, o := range r.outcome {
		if o.Outputs == nil {
			continue
		}
		for k, key := range o.keys {
			if key != (artifacts.Digest{}) {
				h.keys[at(n, k)], h.took[at(n, k)] = key, o.took[k]
			}
		}
	}
	lines := make([]string, 0, len(h.keys))
	for at, key := range h.keys {
		lines = append(lines, fmt.Sprintf("%s %s %d\n", key, at, h.took[at].Milliseconds()))
	}
	slices.SortFunc(lines, func(a, b string) int { return cmp.Compare(a[64:], b[64:]) })
	return h.store.KeepRecipeNotes(h.name, []byte(historyHead+"\n"+strings.Join(lines, "")))
}

// why says in one line why an action that is not in the store has to run.
func (h *history) why(n *graph.Node, k int, a *Action) string {
	last, known := h.keys[at(n, k)]
	switch {
	case !known && h.knows(n):
		return "a new shard"
	case !known:
		return "not made before"
	case last == a.Key():
		return "its result is no longer in the store"
	}
	text, err := h.store.ActionText(last)
	if err != nil {
		return "changed since the last run"
	}
	if reasons := h.diff(string(text), a, nil); len(reasons) > 0 {
		return strings.Join(reasons, "; ")
	}
	return "changed since the last run"
}

// diff compares the text of an action that was run with one that is to be, line
// by line. Of the inputs in unknown, which are yet to be made, it only asks
// whether they were there before.
func (h *history) diff(old string, now *Action, unknown map[string]bool) []string {
	before, after := actionLines(old), actionLines(string(now.Text()))
	var out []string
	for _, name := range union(before, after) {
		a, b := before[name], after[name]
		switch {
		case a == b, a != "" && b != "" && unknown[name]:
		case name == "kind":
			out = append(out, "kind "+a+" → "+b)
		case name == "params":
			out = append(out, diffParams(a, b)...)
		case a == "":
			out = append(out, name+" is new")
		case b == "":
			out = append(out, name+" is gone")
		default:
			out = append(out, name+": "+diffTrees(h.tree(a), now.tree(name)))
		}
	}
	return out
}

// actionLines maps the lines of an action's text: "kind", "params",
// "input windows", "output model".
func actionLines(text string) map[string]string {
	out := map[string]string{}
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n")[1:] {
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "input":
			name, sum, _ := strings.Cut(rest, " ")
			out["input "+name] = sum
		case "output":
			out["output "+rest] = "yes"
		default:
			out[word] = rest
		}
	}
	return out
}

func union[V any](a, b map[string]V) []string {
	var names []string
	for name := range a {
		names = append(names, name)
	}
	for name := range b {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// diffTrees says which files differ between two trees. A tree that is not
// known any more is nil.
func diffTrees(a, b artifacts.Tree) string {
	if a == nil {
		return "changed"
	}
	var changed []string
	for _, f := range b {
		if d, ok := a.Lookup(f.Name); !ok {
			changed = append(changed, f.Name+" added")
		} else if d != f.Digest {
			changed = append(changed, f.Name+" changed")
		}
	}
	for _, f := range a {
		if _, ok := b.Lookup(f.Name); !ok {
			changed = append(changed, f.Name+" gone")
		}
	}
	switch len(changed) {
	case 0:
		return "changed"
	case 1, 2:
		return strings.Join(changed, ", ")
	}
	return fmt.Sprintf("%s and %d more", changed[0], len(changed)-1)
}

// tree returns the input that a line of the action's text names, "input
// episodes".
func (a *Action) tree(name string) artifacts.Tree {
	for _, in := range a.Inputs {
		if "input "+in.name() == name {
			return in.Tree
		}
	}
	return nil
}

func (h *history) tree(sum string) artifacts.Tree {
	d, err := artifacts.ParseDigest(sum)
	if err != nil {
		return nil
	}
	t, err := h.store.ReadTree(d)
	if err != nil {
		return nil
	}
	return t
}

// diffParams says which parameters differ between two canonical JSON texts.
func diffParams(old, new string) []string {
	a, b := flatten(old), flatten(new)
	var out []string
	for _, name := range union(a, b) {
		if !bytes.Equal(a[name], b[name]) {
			out = append(out, fmt.Sprintf("%s %s → %s", name, orNone(a[name]), orNone(b[name])))
		}
	}
	return out
}
