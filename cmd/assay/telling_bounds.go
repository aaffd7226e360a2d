package main

import (
	"fmt"
	"sync"
	"time"

	"assay/engine"
	"assay/engine/graph"
)

// A step may print without end, and what it says must not fill the disk, nor
// keep whoever looks at the run later. Of one execution the first words are kept, up to
// so many bytes, and the newest lines of its log, which say why it failed. The
// rest is only counted.
const (
	maxLogged = 1 << 20  // bytes of an execution's log in the journal
	maxWarned = 64 << 10 // bytes of its warnings
	maxNewest = 100      // lines of its log after that
	lineCost  = 160      // bytes of a line in the journal beside its text
)

// words bounds what the executions under way say.
type words struct {
	mu sync.Mutex
	of map[execution]*spoken
}

// execution names one that is under way.
type execution struct {
	node  *graph.Node
	shard int
}

// spoken is what one execution said so far.
type spoken struct {
	logged, warned int           // bytes
	newest         []timedEvent  // a ring of what came after maxLogged
	lines          int           // of the log, after maxLogged
	warnings       int           // after maxWarned
	last           *engine.Event // the newest that was not taken
}

// timedEvent is an event that is shown later than it happened.
type timedEvent struct {
	engine.Event
	at time.Time
}

// take reports whether a line of a log or a warning is to be shown now.
func (w *words) take(ev engine.Event, at time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := execution{ev.Node, ev.Shard}
	s := w.of[id]
	if s == nil {
		s = &spoken{}
		if w.of == nil {
			w.of = map[execution]*spoken{}
		}
		w.of[id] = s
	}
	if ev.What == engine.Warned {
		return s.warn(ev)
	}
	return s.log(ev, at)
}

func (s *spoken) warn(ev engine.Event) bool {
	if s.warned += lineCost + len(ev.Text); s.warned <= maxWarned {
		return true
	}
	s.warnings++
	s.last = &ev
	return false
}

func (s *spoken) log(ev engine.Event, at time.Time) bool {
	if s.logged += lineCost + len(ev.Text); s.logged <= maxLogged {
		return true
	}
	if len(s.newest) < maxNewest {
		s.newest = append(s.newest, timedEvent{ev, at})
	} else {
		s.newest[s.lines%maxNewest] = timedEvent{ev, at}
	}
	s.lines++
	return false
}

// end forgets an execution and returns what is still to be said about it: how
// much is not, and the newest lines of its log.
func (w *words) end(node *graph.Node, shard int, at time.Time) []timedEvent {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := execution{node, shard}
	s := w.of[id]
	delete(w.of, id)
	if s == nil {
		return nil
	}
	return s.rest(at)
}

// endAll ends all executions: those of a run that is given up.
func (w *words) endAll(at time.Time) []timedEvent {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []timedEvent
	for _, s := range w.of {
		out = append(out, s.rest(at)...)
	}
	clear(w.of)
	return out
}

func (s *spoken) rest(at time.Time) []timedEvent {
	var out []timedEvent
	if s.warnings > 0 {
		ev := *s.last
		ev.Text = fmt.Sprintf("… %s not kept", more(s.warnings, "warning"))
		out = append(out, timedEvent{ev, at})
	}
	if s.lines == 0 {
		return out
	}
	oldest := 0
	if left := s.lines - len(s.newest); left > 0 {
		oldest = s.lines % maxNewest
		first := s.newest[oldest]
		first.Text = fmt.Sprintf("… %s not kept; the last %d follow", more(left, "line"), len(s.newest))
		out = append(out, first)
	}
	return append(append(out, s.newest[oldest:]...), s.newest[:oldest]...)
}

// more returns "1 more line was", "2 more lines were".
func more(n int, word string) string {
	if n == 1 {
		return "1 more " + word + " was"
	}
	return fmt.Sprintf("%d more %ss were", n, word)
}
