package journal

import (
	"testing"
	"time"

	"assay/engine/event"
)

// TestTell tells a run with a retry, a failure, a node that the failure blocks, and a node that
// was up to date.
func TestTell(t *testing.T) {
	s := Tell([]event.Event{
		{T: 0, What: event.Started, Node: "old", Step: "old", Actions: 1},
		{T: 0, What: event.Cached, Node: "old"},
		{T: 0, What: event.Finished, Node: "old"},
		{T: 0.1, What: event.Started, Node: "a", Step: "a", Actions: 2, After: "old"},
		{T: 0.1, What: event.Running, Node: "a", Shard: 0, Why: event.Reasons{{To: "new"}}},
		{T: 0.2, What: event.Running, Node: "a", Shard: 1, Why: event.Reasons{{To: "new"}}},
		{T: 1, What: event.Retrying, Node: "a", Shard: 0, Text: "exit status 1"},
		{T: 1, What: event.Running, Node: "a", Shard: 0, Why: event.Reasons{{To: "tried again"}}},
		{T: 2, What: event.Ran, Node: "a", Shard: 1},
		{T: 3, What: event.Ran, Node: "a", Shard: 0},
		{T: 3, What: event.Finished, Node: "a"},
		{T: 3, What: event.Started, Node: "b", Step: "b", Actions: 1, After: "a"},
		{T: 3, What: event.Running, Node: "b"},
		{T: 5, What: event.Failed, Node: "b", Text: "exit status 2"},
		{T: 5, What: event.Blocked, Node: "c", Step: "c", Text: "b failed"},
		{T: 5, What: "from the future", Node: "a"},
	})
	states := map[string]string{}
	for _, n := range s.Nodes {
		states[n.Name] = n.State()
	}
	for node, want := range map[string]string{"old": "up to date", "a": "ran", "b": "failed", "c": "blocked"} {
		if states[node] != want {
			t.Errorf("%s: %s, want %s", node, states[node], want)
		}
	}
	if len(s.Spans) != 4 || s.End != 5 || s.Peak != 2 {
		t.Fatalf("%d spans, end %v, peak %d", len(s.Spans), s.End, s.Peak)
	}
	critical := []bool{false, false, true, true} // the second go of a's first shard, then b
	for i, sp := range s.Spans {
		if sp.Critical != critical[i] {
			t.Errorf("span %d, %+v: critical %v", i, sp, sp.Critical)
		}
	}
	if first := s.Spans[0]; first.Outcome != event.Failed || first.To != 1 || first.Shards != 2 || first.Error != "exit status 1" {
		t.Errorf("%+v", first)
	}
}

// TestPeakCountsWhatHoldsTheMachine lets b begin when a has returned its cores but its outputs
// are still being stored.
func TestPeakCountsWhatHoldsTheMachine(t *testing.T) {
	for name, test := range map[string]struct {
		took float64
		what event.What
		peak int
	}{
		"kept meanwhile":         {1, event.Ran, 1},
		"held to the end":        {2, event.Ran, 2},
		"longer than it can be":  {9, event.Ran, 2},
		"an older journal":       {0, event.Ran, 2},
		"what failed is at once": {0, event.Failed, 2},
	} {
		s := Tell([]event.Event{
			{T: 0, What: event.Running, Node: "a"}, {T: 1.5, What: event.Running, Node: "b"},
			{T: 2, What: test.what, Node: "a", Took: test.took}, {T: 3, What: event.Ran, Node: "b", Took: 1},
		})
		if s.Peak != test.peak || s.Spans[0].To != 2 {
			t.Errorf("%s: %d at once, want %d; %+v", name, s.Peak, test.peak, s.Spans[0])
		}
	}
}

// TestUntil looks at an action that did not end, in runs with different outcomes.
func TestUntil(t *testing.T) {
	for name, test := range map[string]struct {
		run   Run
		state string
		to    float64 // of the span, and of the story
	}{
		"goes on":           {Run{Began: noon, Outcome: Running}, "running", 5},
		"began in a future": {Run{Began: noon.Add(time.Hour), Outcome: Running}, "running", 1},
		"interrupted":       {Run{Began: noon, Ended: noon.Add(3 * time.Second), Outcome: Interrupted}, "unfinished", 3},
		"killed":            {Run{Began: noon, Outcome: Killed}, "unfinished", 1},
	} {
		s := Tell([]event.Event{
			{T: 0.5, What: event.Running, Node: "a", Why: event.Reasons{{To: "new"}}}, {T: 0.6, What: event.Running, Node: "b", Why: event.Reasons{{To: "new"}}},
			{T: 0.8, What: event.Ran, Node: "b"}, {T: 0.8, What: event.Finished, Node: "b"}, {T: 1, What: event.Logged, Node: "a", Text: "x"},
		})
		s.Until(&test.run, noon.Add(5*time.Second))
		a, b := s.Nodes[0], s.Nodes[1]
		if a.State() != test.state || s.Spans[0].To != test.to || s.End != test.to {
			t.Errorf("%s: %s until %v, the story until %v; want %s until %v", name, a.State(), s.Spans[0].To, s.End, test.state, test.to)
		}
		if b.State() != "ran" || b.End != 0.8 || s.Spans[1].To != 0.8 {
			t.Errorf("%s: %s, %+v", name, b.State(), b)
		}
	}
}

func TestCriticalPathEndsInARing(t *testing.T) {
	s := Tell([]event.Event{
		{What: event.Started, Node: "a", After: "b"}, {What: event.Started, Node: "b", After: "a"},
		{What: event.Running, Node: "a"}, {T: 1, What: event.Ran, Node: "a"},
	})
	if !s.Spans[0].Critical {
		t.Error("the only span is not on the path")
	}
}
