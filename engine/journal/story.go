package journal

import (
	"sort"
	"time"

	"assay/artifacts"
	"assay/engine/event"
)

// A Span is one action of a run, from its beginning to its end.
type Span struct {
	Node, Step string
	Shard      int
	Shards     int        // how many actions the node has
	From, To   float64    // seconds since the run began
	Held       float64    // until when it had what it needed of the machine: its outputs are kept after that
	Outcome    event.What // event.Ran, event.Failed, or event.Running if it was still going on at the end
	Why        string
	Notes      []artifacts.Note
	Error      string
	Said       []event.Event // its warnings and the lines of its log
	Critical   bool          // on the critical path
}

// A Story is what became of the nodes of a run.
type Story struct {
	Nodes []*NodeStory // in the order they started
	Spans []*Span      // in the order they began
	End   float64      // of the last event
	Peak  int          // actions that held a part of the machine at once, at most
}

// A NodeStory is what became of one node.
type NodeStory struct {
	Name, Step string
	Actions    int
	Ran        int
	Cached     int
	Failed     int
	Began, End float64  // of its actions that ran
	Why        []string // the reasons, as first given
	Blocked    string   // why it could not run
	Error      string   // why it failed before its first action
	After      string   // the node it waited for last
	Finished   bool
	Going      bool // the run was not at its end when it was looked at
}

// State is one word on what became of the node.
func (n *NodeStory) State() string {
	switch {
	case n.Failed > 0:
		return "failed"
	case n.Blocked != "":
		return "blocked"
	case n.Ran > 0 && n.Finished:
		return "ran"
	case n.Finished || n.Ran == 0 && len(n.Why) == 0 && n.Cached > 0:
		return "up to date"
	case n.Began == 0 && len(n.Why) == 0:
		return "not begun"
	case n.Going:
		return "running"
	}
	return "unfinished"
}

// Tell puts a run's events together.
func Tell(events []event.Event) *Story {
	t := &teller{s: &Story{}, nodes: map[string]*NodeStory{}, open: map[act]*Span{}, last: map[act]*Span{}}
	for i := range events {
		t.tell(&events[i])
	}
	for _, sp := range t.s.Spans {
		if sp.Outcome == event.Running {
			sp.To, sp.Held = t.s.End, t.s.End
		}
		sp.Shards = t.nodes[sp.Node].Actions
	}
	t.s.markCritical(t.nodes)
	t.s.Peak = peak(t.s.Spans)
	return t.s
}

// Until tells the story to the end of its run, or, if that still goes on, to
// now: an action that did not come to its end went on until then. Of a run that was
// killed nobody knows the end, and the story ends with its last event.
func (s *Story) Until(r *Run, now time.Time) {
	switch {
	case !r.Ended.IsZero():
		s.End = max(s.End, r.Took().Seconds())
	case r.Outcome == Running:
		s.End = max(s.End, now.Sub(r.Began).Seconds())
	default:
		return
	}
	open := map[string]bool{}
	for _, sp := range s.Spans {
		if sp.Outcome == event.Running {
			sp.To, sp.Held = s.End, s.End
			open[sp.Node] = true
		}
	}
	for _, n := range s.Nodes {
		n.Going = r.Outcome == Running
		if open[n.Name] {
			n.End = s.End
		}
	}
}

type act struct {
	node  string
	shard int
}

type teller struct {
	s     *Story
	nodes map[string]*NodeStory
	open  map[act]*Span
	last  map[act]*Span // the newest of each action, open or not
}

func (t *teller) node(ev *event.Event) *NodeStory {
	n := t.nodes[ev.Node]
	if n == nil {
		n = &NodeStory{Name: ev.Node, Step: ev.Step}
		if n.Step == "" {
			n.Step = ev.Node
		}
		t.nodes[ev.Node] = n
		t.s.Nodes = append(t.s.Nodes, n)
	}
	return n
}

func (t *teller) tell(ev *event.Event) {
	t.s.End = max(t.s.End, ev.T)
	if ev.Node == "" {
		return
	}
	n, at := t.node(ev), act{ev.Node, ev.Shard}
	switch ev.What {
	case event.Started:
		n.Actions, n.After = ev.Actions, ev.After
	case event.Cached:
		n.Cached++
	case event.Running:
		n.because(ev.Why.String())
		t.begin(n, at, ev)
	case event.Warned, event.Logged:
		if sp := t.last[at]; sp != nil {
			sp.Said = append(sp.Said, *ev)
		}
	case event.Retrying:
		t.end(at, ev, event.Failed)
	case event.Ran:
		n.Ran++
		n.End = max(n.End, ev.T)
		t.end(at, ev, event.Ran)
	case event.Failed:
		n.Failed++
		n.End = max(n.End, ev.T)
		if t.open[at] == nil {
			n.Error = ev.Text
		}
		t.end(at, ev, event.Failed)
	case event.Blocked:
		n.Blocked = ev.Text
	case event.Finished:
		n.Finished = true
	}
}

// begin opens a span for an action. One that was tried again has several.
func (t *teller) begin(n *NodeStory, at act, ev *event.Event) {
	if n.Began == 0 {
		n.Began = ev.T
	}
	t.end(at, ev, event.Failed)
	sp := &Span{Node: n.Name, Step: n.Step, Shard: ev.Shard, From: ev.T, Outcome: event.Running, Why: ev.Why.String()}
	t.open[at], t.last[at] = sp, sp
	t.s.Spans = append(t.s.Spans, sp)
}

// end closes the span of an action, if one is open. It ends when that was told, so that
// spans fit to each other; the engine's own measure of what ran says how long it held its part
// of the machine.
func (t *teller) end(at act, ev *event.Event, outcome event.What) {
	sp := t.open[at]
	if sp == nil {
		return
	}
	delete(t.open, at)
	sp.To, sp.Held, sp.Outcome, sp.Notes, sp.Error = ev.T, ev.T, outcome, ev.Notes, ev.Text
	if outcome == event.Ran && ev.Took > 0 {
		sp.Held = min(sp.From+ev.Took, ev.T)
	}
}

// maxReasons is how many reasons are kept of a node.
const maxReasons = 3

func (n *NodeStory) because(why string) {
	for _, old := range n.Why {
		if old == why {
			return
		}
	}
	if len(n.Why) < maxReasons && why != "" {
		n.Why = append(n.Why, why)
	}
}

// markCritical goes back from what ended last, each time to what it waited for
// last, and marks the longest action of every node on the way.
func (s *Story) markCritical(nodes map[string]*NodeStory) {
	last := map[string]*Span{}
	var end *Span
	for _, sp := range s.Spans {
		if old := last[sp.Node]; old == nil || sp.To > old.To {
			last[sp.Node] = sp
		}
		if end == nil || sp.To > end.To {
			end = sp
		}
	}
	if end == nil {
		return
	}
	seen := map[string]bool{}
	for name := end.Node; name != "" && !seen[name] && nodes[name] != nil; name = nodes[name].After {
		seen[name] = true
		if sp := last[name]; sp != nil {
			sp.Critical = true
		}
	}
}

// peak returns the highest number of spans that held a part of the machine at
// one time.
func peak(spans []*Span) int {
	type edge struct {
		t float64
		d int
	}
	var edges []edge
	for _, sp := range spans {
		edges = append(edges, edge{sp.From, 1}, edge{sp.Held, -1})
	}
	sort.Slice(edges, func(i, j int) bool {
		if edges[i].t != edges[j].t {
			return edges[i].t < edges[j].t
		}
		return edges[i].d < edges[j].d
	})
	now, most := 0, 0
	for _, e := range edges {
		now += e.d
		most = max(most, now)
	}
	return most
}
