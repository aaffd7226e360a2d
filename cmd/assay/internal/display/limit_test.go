package display

import (
	"fmt"
	"strings"
	"testing"

	"assay/engine/event"
)

// TestLimitKeepsFirstAndNewest logs n lines, and wants the first and the newest.
func TestLimitKeepsFirstAndNewest(t *testing.T) {
	const each = 1000
	head := maxLogged / (each + lineCost) // lines that are passed on at once
	for name, test := range map[string]struct {
		n    int
		want []string // the beginnings of the lines at the end
		rest int      // lines in all, at the end
	}{
		"none":              {0, nil, 0},
		"as many as can be": {head, nil, 0},
		"one more":          {head + 1, []string{fmt.Sprint(head)}, 1},
		"all that is newest": {head + maxNewest, []string{
			fmt.Sprint(head), fmt.Sprint(head + 1),
		}, maxNewest},
		"one is lost": {head + maxNewest + 1, []string{
			"… 1 more line was not kept; the last 100 follow", fmt.Sprint(head + 1),
		}, maxNewest + 1},
		"many are lost": {head + 1234, []string{
			"… 1134 more lines were not kept; the last 100 follow", fmt.Sprint(head + 1134),
		}, maxNewest + 1},
	} {
		t.Run(name, func(t *testing.T) {
			var got kept
			l := NewLimit(&got)
			for i := range test.n {
				text := fmt.Sprint(i)
				text += strings.Repeat(" ", each-len(text))
				l.Observe(event.Event{Node: "fit", What: event.Logged, Text: text, T: float64(i)})
			}
			taken := len(got)
			l.Observe(event.Event{Node: "fit", What: event.Ran, T: float64(test.n)})
			rest := got[taken : len(got)-1]
			if taken != min(test.n, head) || len(rest) != test.rest || got[len(got)-1].What != event.Ran {
				t.Fatalf("%d lines taken at once, %d at the end, want %d and %d", taken, len(rest), min(test.n, head), test.rest)
			}
			for i, want := range test.want {
				if got := strings.TrimRight(rest[i].Text, " "); got != want {
					t.Errorf("line %d of the rest is %q, want %q", i, got, want)
				}
			}
			for i := range rest[:max(0, len(rest)-1)] {
				if rest[i].T > rest[i+1].T {
					t.Errorf("line %d of the rest is later than the next", i)
				}
			}
			if len(rest) > 0 && !strings.HasPrefix(rest[len(rest)-1].Text, fmt.Sprint(test.n-1)) {
				t.Errorf("the last line is %q", rest[len(rest)-1].Text[:10])
			}
			if len(l.of) > 0 {
				t.Error("an execution that ended is not forgotten")
			}
		})
	}
}

// kept are the events that an observer saw.
type kept []event.Event

func (k *kept) Observe(ev event.Event) { *k = append(*k, ev) }

// TestLimitIsOfEachExecution lets one shard print much, and another little.
func TestLimitIsOfEachExecution(t *testing.T) {
	var got kept
	l := NewLimit(&got)
	long := strings.Repeat("x", maxLogged)
	for _, what := range []event.What{event.Logged, event.Warned} {
		l.Observe(event.Event{Node: "fit", What: what, Shard: 1, Text: long})
		l.Observe(event.Event{Node: "fit", What: what, Shard: 2, Text: "x"})
	}
	if len(got) != 2 || got[0].Shard != 2 || got[1].Shard != 2 {
		t.Errorf("%d events passed, not only those of shard 2", len(got))
	}
	got = nil
	l.Observe(event.Event{Node: "fit", What: event.Ran, Shard: 2})
	if len(got) != 1 {
		t.Errorf("%d events at the end of shard 2", len(got))
	}
	rest := l.Flush()
	if len(rest) != 2 || rest[0].Text != "… 1 more warning was not kept" || rest[0].What != event.Warned ||
		rest[1].Text != long {
		t.Errorf("%d lines", len(rest))
	}
}

// BenchmarkLimit measures a line that is only counted.
func BenchmarkLimit(b *testing.B) {
	l := NewLimit()
	ev := event.Event{Node: "fit", What: event.Logged, Text: "y"}
	for b.Loop() {
		l.Observe(ev)
	}
}
