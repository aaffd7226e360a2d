package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/artifacts"
	"assay/engine/event"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func begin(t *testing.T, dir string, at time.Time) *Log {
	t.Helper()
	l, err := Begin(dir, Run{Verb: "run", Recipe: "r.yaml", Jobs: 2, Began: at})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func TestWrittenIsRead(t *testing.T) {
	dir := t.TempDir()
	l := begin(t, dir, noon)
	want := []event.Event{
		{T: 0.25, What: event.Running, Node: "gbt[view=oracle]", Step: "gbt", Shard: 3, Key: "ab", Why: event.Reasons{{To: "not made before"}}},
		{T: 1.5, What: event.Ran, Node: "gbt[view=oracle]", Step: "gbt", Shard: 3, Took: 1.25, Notes: []artifacts.Note{{Count: "a", N: 1}}},
	}
	l.Add(want...)
	r, err := Find(dir, l.ID())
	if err != nil || r.Outcome != Running {
		t.Fatalf("%+v, %v: want a run that goes on", r, err)
	}
	if err := l.End(noon.Add(2*time.Second), func(r *Run) { r.Outcome, r.Counts.Ran = OK, 1 }); err != nil {
		t.Fatal(err)
	}
	l.Close()
	r, err = Find(dir, "last")
	if err != nil || r.Outcome != OK || r.Counts.Ran != 1 || r.Took() != 2*time.Second || r.ID != l.ID() {
		t.Fatalf("%+v, %v", r, err)
	}
	got, bad, err := r.Events()
	if err != nil || bad != 0 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, %d bad, %v; want %v", got, bad, err, want)
	}
}

func TestKilledRunIsReadUpToThere(t *testing.T) {
	dir := t.TempDir()
	l := begin(t, dir, noon)
	l.Add(event.Event{T: 1, What: event.Running, Node: "a"})
	l.Close() // as the kernel does for a process that is killed
	r, err := Find(dir, l.ID())
	if err != nil || r.Outcome != Killed {
		t.Fatalf("%+v, %v", r, err)
	}
	f, err := os.OpenFile(filepath.Join(r.Dir(), eventsFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"t":2,"what":"ra`)
	f.Close()
	events, bad, err := r.Events()
	if err != nil || bad != 0 || len(events) != 1 {
		t.Errorf("%v, %d bad, %v", events, bad, err)
	}
	if s := Tell(events); len(s.Spans) != 1 || s.Spans[0].Outcome != event.Running || s.Nodes[0].State() != "unfinished" {
		t.Errorf("%+v", s)
	}
}

func TestReadersBoundWhatTheyTakeIn(t *testing.T) {
	long := `{"t":1,"what":"logged","text":"` + strings.Repeat("x", maxLine) + `"}`
	text := strings.Join([]string{
		`{"t":1,"what":"running","node":"a"}`,
		long,
		`not json`,
		`{"t":1e300,"what":"ran","node":"a"}`,
		`{"t":-1,"what":"ran","node":"a"}`,
		`{"t":1,"what":"running","node":"a","shard":-2}`,
		`{"t":1,"what":"running","node":"a","shard":999999999}`,
		`{"t":1}`,
		`{"t":2,"what":"from the future","node":"a"}`,
		`{"t":3,"what":"ran","node":"a"}`,
		"",
	}, "\n")
	events, bad, err := ReadEvents(strings.NewReader(text))
	if err != nil || bad != 7 || len(events) != 3 {
		t.Fatalf("%d events, %d bad, %v", len(events), bad, err)
	}
	dir := t.TempDir()
	id := "20261122-120000-abcd"
	os.MkdirAll(filepath.Join(dir, id), 0o777)
	for _, text := range [][]byte{nil, []byte("{"), bytes.Repeat([]byte(" "), maxRun+1)} {
		os.WriteFile(filepath.Join(dir, id, runFile), text, 0o666)
		if r, err := Find(dir, id); err != nil || r.Outcome != Damaged {
			t.Errorf("run.json of %d bytes: %+v, %v", len(text), r, err)
		}
	}
}

func TestTextsAreClippedAtARune(t *testing.T) {
	got := clip("x" + strings.Repeat("é", maxText))
	if len(got) > maxText+8 || !strings.HasSuffix(got, "é …") {
		t.Errorf("%d bytes, ends in %q", len(got), got[len(got)-8:])
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	if _, err := Find(dir, "last"); !errors.Is(err, ErrNoRun) {
		t.Errorf("in an empty store: %v", err)
	}
	for _, id := range []string{"20261122-120000-aaaa", "20261122-130000-bbbb"} {
		os.MkdirAll(filepath.Join(dir, id), 0o777)
	}
	for name, want := range map[string]string{
		"last": "20261122-130000-bbbb", "aaaa": "20261122-120000-aaaa", "20261122-12": "20261122-120000-aaaa",
		"20261122": "", "": "", "../x": "", "..": "",
	} {
		r, err := Find(dir, name)
		if want == "" && !errors.Is(err, ErrNoRun) || want != "" && (err != nil || r.ID != want) {
			t.Errorf("%q: %+v, %v; want %q", name, r, err, want)
		}
	}
}

func TestOldRunsAreDropped(t *testing.T) {
	dir := t.TempDir()
	held := begin(t, dir, noon) // the oldest, which still runs
	for i := range 4 {
		begin(t, dir, noon.Add(time.Duration(i+1)*time.Minute)).Close()
	}
	prune(dir, 2)
	ids, err := names(dir)
	if err != nil || len(ids) != 3 || !slices.Contains(ids, held.ID()) {
		t.Errorf("%v, %v; want the newest two, and %s", ids, err, held.ID())
	}
}

func FuzzReadEvents(f *testing.F) {
	f.Add([]byte("{\"t\":1,\"what\":\"running\",\"node\":\"a\"}\n{\"t\":2,\"what\":\"ran\",\"node\":\"a\"}\n{\"t\":"))
	f.Add([]byte("{\"t\":1,\"what\":\"retrying\",\"node\":\"a\",\"shard\":5}\n\n{}\nnull\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		events, _, err := ReadEvents(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		s := Tell(events)
		for _, sp := range s.Spans {
			if sp.From < 0 || sp.To > s.End || sp.Shard < 0 {
				t.Fatalf("%+v, the run ends at %v", sp, s.End)
			}
		}
	})
}

// TestManyNodesInOneLine checks that a line about many nodes is read as the events that each would have had.
func TestManyNodesInOneLine(t *testing.T) {
	dir := t.TempDir()
	r := NewRecorder(dir, Run{Verb: "run"}, true, func(err error) { t.Error(err) })
	r.Observe(event.Event{T: 1, What: event.Unchanged, Nodes: []event.Node{{Name: "a[x=1]", Step: "a"}, {Name: "b", Step: "b"}}})
	if got := r.End(OK, nil); got.Cached != 2 {
		t.Errorf("counts %+v, want 2 cached", got)
	}
	run, err := Find(dir, "last")
	if err != nil {
		t.Fatal(err)
	}
	events, bad, err := run.Events()
	if err != nil || bad > 0 || len(events) != 6 {
		t.Fatalf("%d events, %d bad, %v", len(events), bad, err)
	}
	for i, n := range Tell(events).Nodes {
		want := []NodeStory{{Name: "a[x=1]", Step: "a"}, {Name: "b", Step: "b"}}[i]
		if n.Name != want.Name || n.Step != want.Step || n.State() != "up to date" || n.Actions != 1 || n.Cached != 1 {
			t.Errorf("node %+v", n)
		}
	}
}
