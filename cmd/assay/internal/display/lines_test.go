package display

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"assay/artifacts"
	"assay/engine/event"
)

// observed returns what a display prints for the events of one node.
func observed(t *testing.T, events ...event.Event) string {
	t.Helper()
	var w strings.Builder
	p := NewLines(&w, []Node{{"fit", "fit"}}, showAll)
	for _, ev := range events {
		ev.Node, ev.Step = "fit", "fit"
		p.Observe(ev)
	}
	p.Close()
	return w.String()
}

func showAll(node string) string { return "assay logs r " + node }

func because(why string) event.Reasons { return event.Reasons{{To: why}} }

// TestFailureShowsTheEndOfTheLog logs many lines, some with control characters, and fails.
func TestFailureShowsTheEndOfTheLog(t *testing.T) {
	events := []event.Event{{What: event.Started, Actions: 1}, {What: event.Running, Why: because("not made before")}}
	for i := range 40 {
		events = append(events, event.Event{What: event.Logged, Text: fmt.Sprintf("\x1b[2Jline %d\r", i)})
	}
	got := observed(t, append(events, event.Event{What: event.Failed, Text: "exit status 1"})...)
	if !strings.Contains(got, "fail  fit\n      | [2Jline 30\n") || !strings.Contains(got, "| [2Jline 39\n      full log (40 lines): assay logs r fit\n") || strings.ContainsAny(got, "\x1b\r") {
		t.Errorf("%q", got)
	}
	// If the error contains the end of the log, it is not shown twice.
	got = observed(t, append(events, event.Event{What: event.Failed, Text: "exit status 1:\n[2Jline 39"})...)
	if strings.Contains(got, "|") || !strings.Contains(got, "full log (40 lines)") {
		t.Errorf("%q", got)
	}
}

// TestNewNodesAreShown has nodes that become known while the run goes on, and a step that never does.
func TestNewNodesAreShown(t *testing.T) {
	var w strings.Builder
	p := NewLines(&w, []Node{{"list", "list"}}, nil)
	p.Observe(event.Event{What: event.Known, Step: "cut", Count: 2, Names: []string{"cut[x=1]", "cut[x=2]"}})
	for _, ev := range []event.Event{
		{What: event.Started, Node: "cut[x=1]", Step: "cut", Actions: 1},
		{What: event.Running, Node: "cut[x=1]", Step: "cut", Why: because("not made before")},
		{What: event.Failed, Node: "sum", Step: "sum", Text: "r.yaml:1:1: no"},
	} {
		p.Observe(ev)
	}
	if n := len(p.steps["cut"].nodes); n != 2 || w.String() != "run   cut[x=1]: not made before\nfail  sum\n" {
		t.Errorf("%d nodes, %q", n, w.String())
	}
}

func TestRetriesAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"try 1 of 3 failed":                                 "again fit: try 1 of 3 failed\n",
		"it printed:\n    more\n      \x1b[2Jthere":         "again fit: it printed:\n      | more\n      |   [2Jthere\n",
		"it printed:\n    " + strings.Repeat("\n    x", 30): "again fit: it printed:\n" + strings.Repeat("      | x\n", maxTail),
	} {
		got := observed(t, event.Event{What: event.Running, Why: because("x")}, event.Event{What: event.Retrying, Text: text})
		if got != "run   fit: x\n"+want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestEveryFailureIsTold has more nodes fail than are shown with their log.
func TestEveryFailureIsTold(t *testing.T) {
	var nodes []Node
	for i := range maxTails + 2 {
		nodes = append(nodes, Node{fmt.Sprint("fit", i), fmt.Sprint("fit", i)})
	}
	var w strings.Builder
	p := NewLines(&w, nodes, showAll)
	for _, n := range nodes {
		p.Observe(event.Event{Node: n.Name, Step: n.Step, What: event.Logged, Text: "said by " + n.Step})
		p.Observe(event.Event{Node: n.Name, Step: n.Step, What: event.Failed, Text: "exit status 1"})
	}
	got := w.String()
	for i := range nodes {
		want := fmt.Sprintf("fail  fit%d\n      | said by fit%d\n", i, i)
		if i >= maxTails {
			want = fmt.Sprintf("fail  fit%d\n      full log (1 line): assay logs r fit%d\n", i, i)
		}
		if !strings.Contains(got, want) {
			t.Errorf("it does not say %q:\n%s", want, got)
		}
	}
}

// TestWhatStepsSayIsPrintable checks that control characters in warnings are removed.
func TestWhatStepsSayIsPrintable(t *testing.T) {
	got := observed(t, event.Event{What: event.Running, Why: because("a\x1b[1mb")}, event.Event{What: event.Warned, Text: "one\x07\ntwo\x1b]0;x"})
	if got != "run   fit: a[1mb\nnote  fit: one\ntwo]0;x\n" {
		t.Errorf("%q", got)
	}
}

func TestDoneSaysHowLong(t *testing.T) {
	got := observed(t, event.Event{What: event.Started, Actions: 2}, event.Event{What: event.Running, Why: because("x")},
		event.Event{What: event.Ran, Notes: []artifacts.Note{{Count: "seen", N: 3}}}, event.Event{What: event.Finished, Actions: 2, Ran: 1})
	if !regexp.MustCompile(`\ndone  fit  1 of 2 shards, seen 3, [0-9.]+[mµn]?s\n$`).MatchString(got) {
		t.Errorf("%q", got)
	}
}

// TestTimeLeft estimates from nothing, from earlier runs, from the progress of running actions,
// and from actions that are done.
func TestTimeLeft(t *testing.T) {
	ago := func(s float64) time.Time { return time.Now().Add(-time.Duration(s * float64(time.Second))) }
	all := &live{took: map[string]float64{}, jobs: 4}
	busy := &nodeProgress{actions: 1, running: map[int]*action{0: {began: ago(5), done: -1}}}
	s := &stepProgress{name: "fit", nodes: []*nodeProgress{busy, {actions: 1}, {}}}
	near := func(what string, want float64) {
		t.Helper()
		if got := s.left(all.mean(s), all.jobs); got < want-0.2 || got > want+0.2 {
			t.Errorf("%s: %.1f s left, want %.1f", what, got, want)
		}
	}
	near("nothing known", 0)
	all.took["fit"] = 10
	near("10 s each in earlier runs, 5 s gone", 25)
	busy.running[0].done = 0.25
	near("a quarter done in 5 s", 55)
	s.ran, s.seconds = 2, 16
	near("8 s each in this run", 22)
	s.nodes = []*nodeProgress{busy, {actions: 1, running: map[int]*action{0: {began: ago(0)}}}}
	near("two at once", 8)
}
