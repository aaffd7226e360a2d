package journal

import (
	"cmp"
	"slices"
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
	Held       float64    // when it returned its cores and memory; after that its outputs are stored
	Outcome    event.What // event.Ran, event.Failed, or event.Running if it had not ended
	Why        string
	Notes      []artifacts.Note
	Error      string
	Said       []event.Event // its warnings and log lines
	Critical   bool          // on the critical path
}

// A Story is what became of the nodes of a run.
type Story struct {
	Nodes []*NodeStory   // in the order they started
	Spans []*Span        // in the order they began
	End   float64        // of the last event
	Peak  int            // how many actions held cores at the same time, at most
	Known map[string]int // how many nodes steps have that became known while the run went on
}

// A NodeStory is what became of one node.
type NodeStory struct {
	Name, Step string
	Actions    int
	Ran        int
	Cached     int
	Failed     int
	Began, End float64  // of its actions that ran
	Why        []string // the reasons, in the order they came
	Blocked    string   // why it could not run
	Error      string   // why it failed before its first action
	After      string   // the node that it waited for last
	Finished   bool
	Going      bool // the run had not ended when the story was told
}

// State says in a word or two what became of the node.
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
		return "not started"
	case n.Going:
		return "running"
	}
	return "unfinished"
}

// Tell makes a story of a run's events.
func Tell(events []event.Event) *Story {
	s := &Story{Known: map[string]int{}}
	t := &teller{s: s, nodes: map[string]*NodeStory{}, open: map[act]*Span{}, last: map[act]*Span{}}
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

// Until extends the story to the end of its run, or to now if the run still goes on. Actions
// without an end went on until then. The story of a killed run ends with its last event,
// since nobody knows when the run ended.
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

// act names an action of a run.
type act struct {
	node  string
	shard int
}

// teller builds a story event by event.
type teller struct {
	s     *Story
	nodes map[string]*NodeStory
	open  map[act]*Span // those that have not ended
	last  map[act]*Span // the newest of each action
}

// node returns the node of an event, which it adds to the story if it is new.
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

// tell adds an event to the story.
func (t *teller) tell(ev *event.Event) {
	t.s.End = max(t.s.End, ev.T)
	if ev.What == event.Known {
		t.s.Known[ev.Step] = ev.Count
	}
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

// begin opens a span for an action. An action that is tried again has several spans.
func (t *teller) begin(n *NodeStory, at act, ev *event.Event) {
	if n.Began == 0 {
		n.Began = ev.T
	}
	t.end(at, ev, event.Failed)
	sp := &Span{Node: n.Name, Step: n.Step, Shard: ev.Shard, From: ev.T, Outcome: event.Running, Why: ev.Why.String()}
	t.open[at], t.last[at] = sp, sp
	t.s.Spans = append(t.s.Spans, sp)
}

// end closes the span of an action, if one is open. The span ends at the time of the event, so
// that spans fit together. How long the action held its cores is what the engine measured.
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

// maxReasons is how many reasons of a node are kept.
const maxReasons = 3

// because adds a reason, if it is new.
func (n *NodeStory) because(why string) {
	if len(n.Why) < maxReasons && why != "" && !slices.Contains(n.Why, why) {
		n.Why = append(n.Why, why)
	}
}

// markCritical marks the critical path. It starts at the node that ended last and goes, again
// and again, to the node that this one waited for last. Of each node it marks the action
// that ended last.
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

// peak returns how many spans held cores at the same time, at most.
func peak(spans []*Span) int {
	type edge struct {
		t float64
		d int
	}
	var edges []edge
	for _, sp := range spans {
		edges = append(edges, edge{sp.From, 1}, edge{sp.Held, -1})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.t, b.t), a.d-b.d) })
	now, most := 0, 0
	for _, e := range edges {
		now += e.d
		most = max(most, now)
	}
	return most
}
