package journal

import "testing"

// TestTell puts together a run with a retry, a failure, a node that is blocked
// by it and one that was up to date.
func TestTell(t *testing.T) {
	s := Tell([]Event{
		{T: 0, What: Started, Node: "old", Step: "old", Actions: 1},
		{T: 0, What: Cached, Node: "old"},
		{T: 0, What: Finished, Node: "old"},
		{T: 0.1, What: Started, Node: "a", Step: "a", Actions: 2, After: "old"},
		{T: 0.1, What: Began, Node: "a", Shard: 0, Why: "new"},
		{T: 0.2, What: Began, Node: "a", Shard: 1, Why: "new"},
		{T: 1, What: Retrying, Node: "a", Shard: 0, Text: "exit status 1"},
		{T: 1, What: Began, Node: "a", Shard: 0, Why: "tried again"},
		{T: 2, What: Ran, Node: "a", Shard: 1},
		{T: 3, What: Ran, Node: "a", Shard: 0},
		{T: 3, What: Finished, Node: "a"},
		{T: 3, What: Started, Node: "b", Step: "b", Actions: 1, After: "a"},
		{T: 3, What: Began, Node: "b"},
		{T: 5, What: Broke, Node: "b", Text: "exit status 2"},
		{T: 5, What: Blocked, Node: "c", Step: "c", Text: "b failed"},
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
	if first := s.Spans[0]; first.Outcome != Broke || first.To != 1 || first.Shards != 2 || first.Error != "exit status 1" {
		t.Errorf("%+v", first)
	}
}

func TestCriticalPathEndsInARing(t *testing.T) {
	s := Tell([]Event{
		{What: Started, Node: "a", After: "b"}, {What: Started, Node: "b", After: "a"},
		{What: Began, Node: "a"}, {T: 1, What: Ran, Node: "a"},
	})
	if !s.Spans[0].Critical {
		t.Error("the only span is not on the path")
	}
}
