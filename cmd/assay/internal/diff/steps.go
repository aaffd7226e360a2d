package diff

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/scores"
	"assay/cmd/assay/internal/state"
	"assay/engine"
	"assay/engine/event"
)

// A StepChange is nodes of a step that changed in the same way.
type StepChange struct {
	Step   string   `json:"step"`
	Change Change   `json:"change"`
	Why    []string `json:"why"` // of changed nodes: what differs between their actions
	Bytes  string   `json:"bytes,omitempty"`
	Nodes  []string `json:"nodes"`
	Of     int      `json:"of"` // how many nodes the step has in both states together
}

// A Change is how nodes differ.
type Change string

// The changes.
const (
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
)

// What became of the artifacts of changed nodes.
const (
	SameBytes  = "same"
	OtherBytes = "other"
)

// node is what a lock says of a node.
type node struct {
	kind    string
	key     artifacts.Digest
	outputs map[string]artifacts.Digest
}

// nodesOf returns the nodes of a lock by name.
func nodesOf(l *artifacts.Lock) map[string]*node {
	out := map[string]*node{}
	for _, a := range l.Artifacts {
		name := strings.TrimSuffix(a.Name, "."+a.Port())
		n := out[name]
		if n == nil {
			n = &node{a.Kind, a.Key, map[string]artifacts.Digest{}}
			out[name] = n
		}
		n.outputs[a.Port()] = a.Digest
	}
	return out
}

// compareSteps lists what differs, by step, and counts the artifacts that are the same.
func compareSteps(st *store.Store, before, after *state.State) (list []StepChange, same int) {
	was, now := nodesOf(before.Lock), nodesOf(after.Lock)
	all := maps.Clone(was)
	maps.Copy(all, now)
	of := map[string]int{}
	groups := map[string]*StepChange{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		step, _ := scores.Node(name)
		of[step]++
		same += countSame(was[name], now[name])
		c := compareNodes(st, was[name], now[name])
		if c == nil || c.Change == Removed && slices.Contains(after.Unmade, name) ||
			c.Change == Added && slices.Contains(before.Unmade, name) {
			continue
		}
		c.Step = step
		id := strings.Join(append([]string{step, string(c.Change), c.Bytes}, c.Why...), "\x00")
		if groups[id] == nil {
			groups[id] = c
		}
		groups[id].Nodes = append(groups[id].Nodes, name)
	}
	list = []StepChange{}
	for _, c := range groups {
		c.Of = of[c.Step]
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b StepChange) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Step, b.Step), cmp.Compare(a.Change, b.Change),
			slices.Compare(a.Nodes, b.Nodes))
	})
	return list, same
}

// rank puts what changed by itself before what changed because its inputs did.
func (c *StepChange) rank() int {
	for _, why := range c.Why {
		if !strings.HasPrefix(why, otherInputs) {
			return 0
		}
	}
	return min(len(c.Why), 1)
}

// otherInputs begins a reason that lists inputs.
const otherInputs = "input "

func countSame(was, now *node) int {
	n := 0
	if was != nil && now != nil {
		for port, d := range was.outputs {
			if now.outputs[port] == d {
				n++
			}
		}
	}
	return n
}

// compareNodes returns how a node differs; nil if it does not.
func compareNodes(st *store.Store, was, now *node) *StepChange {
	switch {
	case was == nil:
		return &StepChange{Change: Added, Why: []string{}}
	case now == nil:
		return &StepChange{Change: Removed, Why: []string{}}
	}
	bytes := SameBytes
	if !maps.Equal(was.outputs, now.outputs) {
		bytes = OtherBytes
	}
	switch {
	case was.kind != now.kind || was.key != now.key:
		return &StepChange{Change: Changed, Why: why(st, was, now), Bytes: bytes}
	case bytes == OtherBytes:
		return &StepChange{Change: Changed, Why: []string{"same action, other bytes"}, Bytes: bytes}
	}
	return nil
}

// why says what differs between the actions of a node, as far as the store still has
// their records. A node with shards has no action of its own.
func why(st *store.Store, was, now *node) []string {
	out := []string{}
	if was.kind != now.kind {
		out = append(out, event.Reason{What: event.Kind, From: was.kind, To: now.kind}.String())
	}
	a, errA := st.Record(was.key)
	b, errB := st.Record(now.key)
	if errA == nil && errB == nil {
		before, after := a.Action(), b.Action()
		for _, r := range engine.DiffParams(before.Params, after.Params) {
			out = append(out, r.String())
		}
		if inputs := changedInputs(before, after); len(inputs) > 0 {
			out = append(out, otherInputs+strings.Join(inputs, ", "))
		}
	}
	if len(out) == 0 {
		out = append(out, "parameters or inputs")
	}
	return out
}

// changedInputs returns the ports whose inputs differ, in the order of the new action.
func changedInputs(before, after *artifacts.Action) []string {
	was := map[artifacts.NamedTree]bool{}
	for _, in := range before.Inputs {
		was[in] = true
	}
	var ports []string
	add := func(in artifacts.NamedTree) {
		if port, _, _ := strings.Cut(in.Name, "["); !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	for _, in := range after.Inputs {
		if !was[in] {
			add(in)
		}
		delete(was, in)
	}
	for _, in := range before.Inputs {
		if was[in] {
			add(in)
		}
	}
	return ports
}
