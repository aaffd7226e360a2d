package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"assay/engine"
	"assay/engine/graph"
)

// TestWordsAreBounded says n lines of a log, and wants the first and the newest.
func TestWordsAreBounded(t *testing.T) {
	const each = 1000
	head := maxLogged / (each + lineCost) // lines that are taken at once
	for name, test := range map[string]struct {
		n    int
		want []string // the beginnings of what is told at the end
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
			var w words
			n := &graph.Node{Step: "fit"}
			began := time.Now()
			taken := 0
			for i := range test.n {
				text := fmt.Sprint(i)
				text += strings.Repeat(" ", each-len(text))
				if w.take(engine.Event{Node: n, What: engine.Logged, Text: text}, began.Add(time.Duration(i))) {
					taken++
				}
			}
			rest := w.end(n, 0, time.Now())
			if taken != min(test.n, head) || len(rest) != test.rest {
				t.Fatalf("%d lines taken at once, %d at the end, want %d and %d", taken, len(rest), min(test.n, head), test.rest)
			}
			for i, want := range test.want {
				if got := strings.TrimRight(rest[i].Text, " "); got != want {
					t.Errorf("line %d of the rest is %q, want %q", i, got, want)
				}
			}
			for i := range rest[:max(0, len(rest)-1)] {
				if rest[i].at.After(rest[i+1].at) {
					t.Errorf("line %d of the rest is later than the next", i)
				}
			}
			if len(rest) > 0 && !strings.HasPrefix(rest[len(rest)-1].Text, fmt.Sprint(test.n-1)) {
				t.Errorf("the last line is %q", rest[len(rest)-1].Text[:10])
			}
			if len(w.of) > 0 {
				t.Error("an execution that ended is not forgotten")
			}
		})
	}
}

// TestWordsOfOthersAreTheirs has one shard say much, and another little.
func TestWordsOfOthersAreTheirs(t *testing.T) {
	var w words
	n := &graph.Node{Step: "fit"}
	long := strings.Repeat("x", maxLogged)
	for _, what := range []engine.What{engine.Logged, engine.Warned} {
		if w.take(engine.Event{Node: n, What: what, Shard: 1, Text: long}, time.Now()) {
			t.Errorf("%v: taken though too long", what)
		}
		if !w.take(engine.Event{Node: n, What: what, Shard: 2, Text: "x"}, time.Now()) {
			t.Errorf("%v: not taken", what)
		}
	}
	if rest := w.end(n, 2, time.Now()); rest != nil {
		t.Errorf("%v", rest)
	}
	rest := w.endAll(time.Now())
	if len(rest) != 2 || rest[0].Text != "… 1 more warning was not kept" || rest[0].What != engine.Warned || rest[1].Text != long {
		t.Errorf("%d lines", len(rest))
	}
}

// BenchmarkWords is what a line costs that is only counted.
func BenchmarkWords(b *testing.B) {
	var w words
	ev := engine.Event{Node: &graph.Node{Step: "fit"}, What: engine.Logged, Text: "y"}
	for b.Loop() {
		w.take(ev, time.Now())
	}
}

func TestMoves(t *testing.T) {
	for term, want := range map[string]bool{"xterm-256color": true, "linux": true, "dumb": false} {
		if moves(term) != want {
			t.Errorf("%q: %v", term, !want)
		}
	}
}
