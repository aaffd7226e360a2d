package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"assay/engine/event"
)

// TestOrigins looks for the origins of actions in three runs, of which the newest cannot be read.
func TestOrigins(t *testing.T) {
	dir := t.TempDir()
	for i, run := range []struct {
		recipe string
		args   []string
		events []event.Event
	}{
		{"old.yaml", []string{"fit", "--set params.seed=8"}, []event.Event{
			{What: event.Running, Node: "fit[by=one]", Key: "k1"}, {What: event.Running, Node: "fit[by=two]", Key: "k2"},
			{What: event.Logged, Node: "other", Key: "k3", Text: "k3"}, {What: event.Ran, Node: "fit[by=two]", Key: "k2"},
		}},
		{"new.yaml", []string{"--params p.yaml"}, []event.Event{
			{What: event.Cached, Node: "fit[by=1]", Key: "k1"}, {What: event.Running, Node: "fit[by=2]", Key: "k2"},
			{What: event.Cached, Node: "prepare", Key: "k4"}, {What: event.Running, Node: "not asked for", Key: "k5"},
		}},
		{"bad.yaml", nil, nil},
	} {
		l, err := Begin(dir, Run{Verb: "run", Recipe: run.recipe, Args: run.args, Began: noon.Add(time.Duration(i) * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		l.Add(run.events...)
		l.Close()
		if run.events == nil {
			os.Remove(filepath.Join(l.run.dir, eventsFile))
		}
	}
	got, err := Origins(dir, map[string]bool{"k1": true, "k2": true, "k3": true, "k4": true})
	want := map[string]Origin{
		"k1": {"fit[by=one]", "old.yaml", []string{"--set params.seed=8"}, true}, // executed there, found in the newer one
		"k2": {"fit[by=2]", "new.yaml", []string{"--params p.yaml"}, true},
		"k4": {"prepare", "new.yaml", nil, false},
	}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if got, err := Origins(filepath.Join(dir, "none"), map[string]bool{"k1": true}); err != nil || len(got) > 0 {
		t.Errorf("without runs: %v, %v", got, err)
	}
}
