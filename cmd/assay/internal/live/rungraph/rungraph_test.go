package rungraph

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"assay/cmd/assay/internal/live"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/journal"
)

// story is a run of two steps: the first is done, and of the second's two nodes one goes on.
func story() []event.Event {
	return []event.Event{
		{T: 0, What: event.Started, Node: "a", Step: "a", Actions: 1},
		{T: 0, What: event.Cached, Node: "a", Step: "a"},
		{T: 0, What: event.Finished, Node: "a", Step: "a", Actions: 1},
		{T: 1, What: event.Started, Node: "b[x=1]", Step: "b", Actions: 2, After: "a"},
		{T: 1, What: event.Running, Node: "b[x=1]", Step: "b", Shard: 0},
		{T: 2, What: event.Ran, Node: "b[x=1]", Step: "b", Shard: 0, Took: 1},
		{T: 2, What: event.Running, Node: "b[x=1]", Step: "b", Shard: 1},
		{T: 3, What: event.Failed, Node: "b[x=2]", Step: "b", Text: "no"},
	}
}

func run() *journal.Run {
	return &journal.Run{ID: "r", Recipe: "r.yaml", Outcome: journal.Running, Jobs: 2, Began: time.Unix(100, 0)}
}

func told(events []event.Event) *journal.Story {
	s := journal.Tell(events)
	s.Until(run(), time.Unix(104, 0))
	return s
}

func TestOfJournal(t *testing.T) {
	got := Of(run(), told(story()), nil)
	want := live.Run{
		Type: live.TypeRun, ID: "r", Recipe: "r.yaml", Outcome: "running", Began: "1970-01-01T00:01:40Z", Seconds: 4, Jobs: 2,
		Steps: []live.RunStep{
			{Name: "a", Nodes: 1, Done: 1, Cached: 1, Actions: 1, Acted: 1},
			{Name: "b", Layer: 1, Nodes: 2, Running: 1, Failed: 1, Actions: 2, Acted: 1},
		},
		Edges: [][2]int{{0, 1}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestOfRecipe knows of nodes and arrows that the run has not come to.
func TestOfRecipe(t *testing.T) {
	a, b1, b2, c := &graph.Node{Step: "a"}, &graph.Node{Step: "b"}, &graph.Node{Step: "b"}, &graph.Node{Step: "c"}
	for _, edge := range [][2]*graph.Node{{a, b1}, {a, b2}, {b1, c}, {b2, c}, {a, c}} {
		edge[1].Inputs = append(edge[1].Inputs, graph.Binding{Feeds: []graph.Feed{{Node: edge[0]}}})
	}
	got := Of(run(), told(story()[:4]), &graph.Graph{Nodes: []*graph.Node{a, b1, b2, c}})
	var steps []string
	for _, s := range got.Steps {
		steps = append(steps, fmt.Sprint(s.Name, s.Layer, s.Nodes, s.Done))
	}
	if s := strings.Join(steps, " "); s != "a0 1 1 b1 2 0 c2 1 0" || fmt.Sprint(got.Edges) != "[[0 1] [0 2] [1 2]]" {
		t.Errorf("%s, %v", s, got.Edges)
	}
}

// TestOfGrowingRecipe draws steps that are not known yet, and takes from the journal how many nodes they have.
func TestOfGrowingRecipe(t *testing.T) {
	list, free := &graph.Node{Step: "list"}, &graph.Node{Step: "free"}
	end := &graph.Node{Step: "end", Inputs: []graph.Binding{{Feeds: []graph.Feed{{Node: free}}}}}
	cut := &graph.Later{Step: "cut", Nodes: []*graph.Node{{Step: "cut"}}, After: []*graph.Node{list}}
	g := &graph.Graph{Nodes: []*graph.Node{list, free}, Later: []*graph.Later{
		cut, {Step: "end", Known: true, Nodes: []*graph.Node{end}, Needs: []*graph.Later{cut}},
	}}
	for want, events := range map[string][]event.Event{
		"list0 1 free0 1 cut1 0 end2 0": nil,
		"list0 1 free0 1 cut1 7 end2 1": {{What: event.Known, Step: "cut", Count: 7}, {What: event.Known, Step: "end", Count: 1}},
	} {
		got := Of(run(), told(events), g)
		var steps []string
		for _, s := range got.Steps {
			steps = append(steps, fmt.Sprint(s.Name, s.Layer, s.Nodes))
		}
		if s := strings.Join(steps, " "); s != want || fmt.Sprint(got.Edges) != "[[0 2] [1 3] [2 3]]" {
			t.Errorf("%s, want %s; %v", s, want, got.Edges)
		}
	}
}

// TestOddJournals makes an event that keeps to its schema of journals that nobody wrote.
func TestOddJournals(t *testing.T) {
	var circle, many []event.Event
	for i := range 600 {
		many = append(many, event.Event{T: 1, What: event.Started, Node: fmt.Sprint(i), Step: strings.Repeat("é", 300) + fmt.Sprint(i), Actions: 1, After: fmt.Sprint(i - 1)})
	}
	for _, p := range []string{"ab", "bc", "ca"} {
		circle = append(circle, event.Event{T: 1, What: event.Started, Node: p[1:], Actions: 1 << 20, After: p[:1]})
	}
	for name, events := range map[string][]event.Event{"none": nil, "many": many, "circle": circle} {
		r := run()
		r.Jobs, r.Recipe = -5, strings.Repeat("r", 3000)
		ev := Of(r, told(events), nil)
		if len(ev.Steps) == 0 {
			ev.Steps = []live.RunStep{}
		}
		if _, err := live.Encode(ev); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
