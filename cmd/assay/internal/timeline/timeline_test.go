package timeline

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"assay/artifacts"
	"assay/engine/event"
	"assay/engine/journal"
)

var update = flag.Bool("update", false, "write the golden files")

func little() (*journal.Run, *journal.Story) {
	r := &journal.Run{
		ID: "20261122-120000-abcd", Verb: "run", Recipe: "r.yaml", Name: "little", Jobs: 2, Outcome: journal.Failed, Error: "b: </script><b>",
		Began: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Ended: time.Date(2026, 11, 22, 12, 0, 6, 0, time.UTC),
	}
	return r, journal.Tell([]event.Event{
		{T: 0, What: event.Started, Node: "a", Step: "a", Actions: 3},
		{T: 0, What: event.Running, Node: "a", Step: "a", Shard: 0, Why: event.Reasons{{To: "not made before"}}},
		{T: 0, What: event.Running, Node: "a", Step: "a", Shard: 1, Why: event.Reasons{{To: "not made before"}}},
		{T: 1, What: event.Ran, Node: "a", Step: "a", Shard: 0, Notes: []artifacts.Note{{Count: "x", N: 1}}},
		{T: 1, What: event.Running, Node: "a", Step: "a", Shard: 2, Why: event.Reasons{{To: "not made before"}}},
		{T: 2, What: event.Ran, Node: "a", Step: "a", Shard: 1},
		{T: 3, What: event.Ran, Node: "a", Step: "a", Shard: 2},
		{T: 3, What: event.Finished, Node: "a"},
		{T: 3, What: event.Started, Node: "b", Step: "b", Actions: 1, After: "a"},
		{T: 3, What: event.Running, Node: "b", Step: "b", Why: event.Reasons{{To: "</script><img>"}}},
		{T: 5.5, What: event.Failed, Node: "b", Step: "b", Text: "exit status 1"},
	})
}

func TestPack(t *testing.T) {
	_, s := little()
	lane, lanes := pack(s.Spans, byNode)
	if fmt.Sprint(lane) != "[0 1 0 0]" || lanes["a"] != 2 || lanes["b"] != 1 {
		t.Errorf("%v, %v", lane, lanes)
	}
}

func TestPage(t *testing.T) {
	r, s := little()
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := Page(w, r, s); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two pages of the same run differ")
	}
	text := a.String()
	if strings.Contains(text, "<img>") || strings.Contains(text, "</script><b>") || strings.Count(text, "</script>") != 2 {
		t.Error("a journal's text gets into the page as HTML")
	}
	for _, bad := range []string{"http://", "https://", "src=", "@import"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if err := Page(&a, r, journal.Tell(nil)); err != nil {
		t.Errorf("of an empty run: %v", err)
	}
}

func TestTrace(t *testing.T) {
	r, s := little()
	var b bytes.Buffer
	if err := Trace(&b, r, s); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := json.Indent(&text, b.Bytes(), "", " "); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/little.json", text.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/little.json")
	if err != nil || !bytes.Equal(text.Bytes(), want) {
		t.Errorf("another trace (%v):\n%s", err, &text)
	}
}
