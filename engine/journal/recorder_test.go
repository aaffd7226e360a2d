package journal

import (
	"testing"

	"assay/engine/event"
)

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
