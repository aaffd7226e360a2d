package display

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"assay/engine/event"
	"assay/engine/step"
)

// says is an event in which a node of the step fit says where it stands.
func says(node, text string, shard int) event.Event {
	ev := event.Event{What: event.Status, Node: node, Step: "fit", Shard: shard, Text: text}
	if _, value, ok := strings.Cut(node, "="); ok {
		ev.Labels = step.Labels{{Axis: "seed", Value: value}}
	}
	return ev
}

func does(node string, what event.What) event.Event {
	return event.Event{What: what, Node: node, Step: "fit", Actions: 1, Ran: 1}
}

// TestNewestStatusIsShown follows the statuses of two nodes of a step.
func TestNewestStatusIsShown(t *testing.T) {
	p := NewLines(&strings.Builder{}, []Node{{"fit=1", "fit"}, {"fit=2", "fit"}}, nil)
	for i, test := range []struct {
		ev   event.Event
		want string
	}{
		{says("fit=1", "too early", 0), ""},
		{does("fit=1", event.Running), ""},
		{does("fit=2", event.Running), ""},
		{says("fit=1", "loss 0.9", 0), "loss 0.9 (seed=1)"},
		{says("fit=2", "loss\t\x1b[2J0.8\nF1", 0), "loss [2J0.8 F1 (seed=2)"},
		{says("fit=1", "loss 0.7", 0), "loss 0.7 (seed=1)"},
		{does("fit=1", event.Ran), "loss [2J0.8 F1 (seed=2)"},
		{does("fit=2", event.Retrying), ""},
		{does("fit=2", event.Running), ""},
		{says("fit=2", strings.Repeat("x", 1000), 0), strings.Repeat("x", maxStatus-1) + "…"},
		{does("fit=2", event.Failed), ""},
	} {
		p.Observe(test.ev)
		if got := p.steps["fit"].stand(); got != test.want {
			t.Errorf("event %d: %q, want %q", i, got, test.want)
		}
	}
}

// TestStatusLeavesRoomForTheBar shows one status on lines of several widths.
func TestStatusLeavesRoomForTheBar(t *testing.T) {
	line := &liveLine{}
	text := "loss 0.53, validation macro F1 0.66"
	line.stand.Store(&text)
	for room, want := range map[int]string{
		100:                        "  " + text,
		minBar + 2 + len(text):     "  " + text,
		minBar + 2 + len(text) - 1: "  loss 0.53, validation macro F1 0.…",
		minBar + 2 + minStatus:     "  loss 0.…",
		minBar + 2 + minStatus - 1: "",
		0:                          "",
	} {
		if got := line.status(decor.Statistics{AvailableWidth: room}); got != want {
			t.Errorf("%d columns: %q, want %q", room, got, want)
		}
	}
	if got := line.status(decor.Statistics{AvailableWidth: 100, Completed: true}); got != "" {
		t.Errorf("of a step that is done: %q", got)
	}
}

// screen is a terminal that remembers all that was written to it.
type screen struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) shows(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.text.String(), text)
}

// TestLiveLineShowsTheStatus draws a line, with the status and without it.
func TestLiveLineShowsTheStatus(t *testing.T) {
	var w screen
	p := NewLines(&w, []Node{{"fit", "fit"}}, nil)
	p.live = newLiveLines(&w, 1, func() map[string]float64 { return nil })
	p.live.Progress = mpb.New(mpb.WithOutput(&w), mpb.WithWidth(120), mpb.WithAutoRefresh())
	begun := []event.Event{does("fit", event.Started), does("fit", event.Running), says("fit", "loss 0.53", 0)}
	for _, ev := range begun {
		p.Observe(ev)
	}
	for range 1000 {
		if w.shows("  loss 0.53") {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.Observe(does("fit", event.Ran))
	p.Observe(does("fit", event.Finished))
	p.Close()
	lines := strings.Split(strings.TrimSpace(w.text.String()), "\n")
	last := lines[len(lines)-1]
	if !w.shows("  loss 0.53") || strings.Contains(last, "loss") || !strings.Contains(last, "1 of 1") {
		t.Errorf("%q", w.text.String())
	}
}

// Without live lines a status prints nothing: a training run would print a thousand lines.
func TestPlainLinesLeaveOutTheStatus(t *testing.T) {
	if got := observed(t, event.Event{What: event.Running, Why: because("x")}, says("fit", "loss 0.53", 0)); got != "run   fit: x\n" {
		t.Errorf("%q", got)
	}
}

func TestJSONHasTheStatus(t *testing.T) {
	var w strings.Builder
	j := NewJSON(&w)
	j.Observe(event.Event{What: event.Progress, Node: "fit", Step: "fit", Done: 1, Total: 2})
	j.Observe(says("fit", "loss 0.53", 0))
	got := w.String()
	if !strings.Contains(got, `"msg":"status","node":"fit","step":"fit","text":"loss 0.53"`) || strings.Count(got, "\n") != 1 {
		t.Errorf("%s", got)
	}
}
