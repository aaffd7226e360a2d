package engine

import (
	"time"

	"assay/artifacts"
	"assay/engine/event"
	"assay/engine/graph"
)

// settle takes over, from the memory, what has not changed since the run that it remembers. It goes through the nodes
// once, each after those it depends on, and leaves the others to run.node. A graph that grows it leaves alone, since
// nodes are needed one by one then, and runs with a tier, which may have to make again what it lost.
func (r *run) settle() {
	if r.e.Memory == nil || r.e.Deep || r.e.Tier != nil || len(r.g.Later) > 0 {
		return
	}
	unchanged := make(map[string]bool, len(r.sources))
	for name, src := range r.sources {
		unchanged[name] = r.e.Memory.source[name] == src.Digest()
	}
	look := r.e.Store.Glance(r.e.Memory.blobs())
	list := make([]event.Node, 0, len(r.g.Nodes))
	for _, n := range r.g.Nodes {
		out := r.outcome[n]
		v := r.recall(n, unchanged)
		if v == nil || !v.whole(look) {
			continue
		}
		r.takeOver(out, v)
		close(r.ready[n])
		list = append(list, event.Node{Name: n.Name(), Step: n.Step, Labels: n.Labels})
	}
	r.tellUnchanged(list)
}

// recall returns what the node made when its inputs were what they are now; nil if the memory does not know that. If
// no input has changed, it need not describe the action: a node that was taken over made what it made before.
// unchanged are the sources that are as they were then.
func (r *run) recall(n *graph.Node, unchanged map[string]bool) *made {
	if r.e.Force != nil && r.e.Force(n) || n.Sharded(r.g.Recipe.Shards) {
		return nil
	}
	before := r.e.Memory.byNode[n]
	same := before != nil
	for _, b := range n.Inputs {
		for _, f := range b.Feeds {
			if f.Node == nil {
				same = same && unchanged[f.Source]
			} else if !r.outcome[f.Node].settled {
				return nil
			}
		}
	}
	if same {
		return before
	}
	actions, err := r.actions(n)
	if err != nil {
		return nil // the run finds it again, and says so
	}
	return r.e.Memory.find(n, actions[0].Key())
}

// takeOver sets the outcome of a node to what it made before.
func (r *run) takeOver(out *Outcome, v *made) {
	out.Key, out.keys, out.known, out.Actions = v.key, []artifacts.Digest{v.key}, v.outputs, 1
	out.Outputs = make(map[string]artifacts.Tree, len(v.outputs))
	for i, o := range v.outputs {
		out.Outputs[o.Name] = v.trees[i]
	}
	out.settled, out.order = true, r.done.Add(1)
}

// maxUnchanged is how many nodes one event names.
const maxUnchanged = 1000

// tellUnchanged tells the observers which nodes were taken over.
func (r *run) tellUnchanged(list []event.Node) {
	for len(list) > 0 {
		k := min(len(list), maxUnchanged)
		ev := event.Event{T: time.Since(r.began).Seconds(), What: event.Unchanged, Nodes: list[:k]}
		for _, o := range r.e.Observers {
			o.Observe(ev)
		}
		list = list[k:]
	}
}
