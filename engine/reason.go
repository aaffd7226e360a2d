package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/engine/event"
	"assay/engine/graph"
)

// why says why an action has to run whose result is not in the store.
func (h *history) why(n *graph.Node, k int, a *Action) event.Reasons {
	last, known := h.last(n, k)
	switch {
	case !known && h.knows(n.Name()):
		return event.Reasons{{What: event.NewShard}}
	case !known:
		return event.Reasons{{What: event.NewNode}}
	case h.had(n, k, a):
		return event.Reasons{{What: event.Lost}}
	case last != nil:
		if reasons := h.diff(n, last, a, nil); len(reasons) > 0 {
			return reasons
		}
	}
	return event.Reasons{{What: event.Changed}}
}

// had reports whether an action is the last one that a node's shard had.
func (h *history) had(n *graph.Node, k int, a *Action) bool {
	key, ok := h.key(n.Name(), k)
	return ok && key == a.Key()
}

// diff compares the last action of a node with the one that is to run: inputs, kind, outputs
// and parameters, each by name. For the inputs in unknown, which are not made yet, it only
// checks whether the last action had them.
func (h *history) diff(n *graph.Node, was *artifacts.Action, now *Action, unknown map[string]bool) event.Reasons {
	out := h.diffInputs(n, was, now, unknown)
	if kind := now.Kind.String(); was.Kind != kind {
		out = append(out, event.Reason{What: event.Kind, From: was.Kind, To: kind})
	}
	for _, port := range union(was.Outputs, now.spec.Outputs) {
		switch {
		case !slices.Contains(was.Outputs, port):
			out = append(out, event.Reason{What: event.OutputNew, Name: port})
		case !slices.Contains(now.spec.Outputs, port):
			out = append(out, event.Reason{What: event.OutputGone, Name: port})
		}
	}
	return append(out, DiffParams(was.Params, now.Params)...)
}

// diffInputs returns the inputs that are new, gone or changed, with the files that differ.
func (h *history) diffInputs(n *graph.Node, was *artifacts.Action, now *Action, unknown map[string]bool) event.Reasons {
	before, after := digests(was.Inputs), digests(now.spec.Inputs)
	var out event.Reasons
	for _, name := range union(slices.Collect(maps.Keys(before)), slices.Collect(maps.Keys(after))) {
		a, had := before[name]
		b, has := after[name]
		switch {
		case !had:
			out = append(out, event.Reason{What: event.InputNew, Name: name})
		case !has:
			out = append(out, event.Reason{What: event.InputGone, Name: name})
		case a != b && !unknown[name]:
			old, _ := h.store.ReadTree(a) // nil if it is gone; then the files are unknown
			out = append(out, event.Reason{What: event.InputChanged, Name: name, To: diffTrees(old, now.tree(name)),
				Because: feeders(n, name)})
		}
	}
	return out
}

// digests maps the names of inputs to their trees.
func digests(list []artifacts.NamedTree) map[string]artifacts.Digest {
	out := make(map[string]artifacts.Digest, len(list))
	for _, in := range list {
		out[in.Name] = in.Tree
	}
	return out
}

// feeders returns the names of the nodes that make an input; none for a source.
func feeders(n *graph.Node, input string) []string {
	var out []string
	for port, f := range n.Feeds() {
		if f.Node != nil && inputName(port, f.Labels, origin(port, f)) == input {
			out = append(out, f.Node.Name())
		}
	}
	return out
}

// union returns the names that are in a or b, sorted.
func union(a, b []string) []string {
	names := slices.Concat(a, b)
	slices.Sort(names)
	return slices.Compact(names)
}

// tree returns the tree of the input with a name.
func (a *Action) tree(name string) artifacts.Tree {
	for _, in := range a.Inputs {
		if in.name() == name {
			return in.Tree
		}
	}
	return nil
}

// diffTrees says which files differ between two trees. The first is nil if it is no longer
// known.
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

// DiffParams says which parameters differ between two canonical JSON texts.
func DiffParams(was, now json.RawMessage) event.Reasons {
	a, b := flatten(was), flatten(now)
	var out event.Reasons
	for _, name := range union(slices.Collect(maps.Keys(a)), slices.Collect(maps.Keys(b))) {
		if !bytes.Equal(a[name], b[name]) {
			out = append(out, event.Reason{What: event.Param, Name: name, From: shown(a[name]), To: shown(b[name])})
		}
	}
	return out
}

// flatten returns the leaves of a JSON object by their paths, such as "hold.by".
func flatten(text json.RawMessage) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	flattenInto(out, "", text)
	return out
}

func flattenInto(out map[string]json.RawMessage, path string, v json.RawMessage) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(v, &fields) != nil || fields == nil {
		out[path] = v
		return
	}
	for name, f := range fields {
		if path != "" {
			name = path + "." + name
		}
		flattenInto(out, name, f)
	}
}

// maxShown is how many characters of a value a reason shows.
const maxShown = 60

// shown returns a value, cut to what a reason shows.
func shown(v json.RawMessage) string {
	if r := []rune(string(v)); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return string(v)
}
