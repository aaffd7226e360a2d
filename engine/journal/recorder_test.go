package journal

import (
	"testing"

	"assay/engine/event"
)

// Nodes that become known while the run goes on count.
func TestRecorderCountsNewNodes(t *testing.T) {
	dir := t.TempDir()
	r := NewRecorder(dir, Run{Counts: Counts{Nodes: 2}}, true, func(err error) { t.Error(err) })
	r.Observe(event.Event{What: event.Started, Node: "list", Step: "list"})
	r.Observe(event.Event{What: event.Known, Step: "cut", Count: 3, Names: []string{"cut[x=1]", "cut[x=2]", "cut[x=3]"}})
	id := r.ID()
	if counts := r.End(OK, nil); counts.Nodes != 5 {
		t.Errorf("%d nodes", counts.Nodes)
	}
	run, err := Find(dir, id)
	if err != nil || run.Counts.Nodes != 5 {
		t.Fatalf("%+v, %v", run, err)
	}
	events, bad, err := run.Events()
	if err != nil || bad != 0 || len(events) != 2 {
		t.Fatalf("%v, %d bad, %v", events, bad, err)
	}
	if s := Tell(events); s.Known["cut"] != 3 || len(s.Nodes) != 1 {
		t.Errorf("%v, %d nodes", s.Known, len(s.Nodes))
	}
}

// The journal leaves out how far an action is, which would be most of it.
func TestRecorderLeavesOutProgress(t *testing.T) {
	dir := t.TempDir()
	r := NewRecorder(dir, Run{Verb: "run", Recipe: "r.yaml"}, false, func(err error) { t.Error(err) })
	for _, ev := range []event.Event{
		{What: event.Running}, {What: event.Progress, Done: 1, Total: 2}, {What: event.Status, Text: "loss 0.53"},
		{What: event.Logged, Text: "a line"}, {What: event.Ran},
	} {
		ev.Node = "fit"
		r.Observe(ev)
	}
	id := r.ID()
	r.End(OK, nil)
	run, err := Find(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	got, bad, err := run.Events()
	if err != nil || bad != 0 || len(got) != 3 || got[0].What != event.Running || got[1].What != event.Logged || got[2].What != event.Ran {
		t.Errorf("%v, %d bad, %v", got, bad, err)
	}
}
