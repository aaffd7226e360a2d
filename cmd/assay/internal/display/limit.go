package display

import (
	"fmt"
	"sync"

	"assay/engine/event"
)

// A step may print without end. That must not fill the disk, nor make the run's journal too
// large to read. So only the first lines of an execution are kept, up to a number of bytes,
// and the newest lines of its log, which say why it failed. The rest is counted.
const (
	maxLogged = 1 << 20  // bytes of an execution's log in the journal
	maxWarned = 64 << 10 // bytes of its warnings
	maxNewest = 100      // lines of its log after that
	lineCost  = 160      // bytes that a line takes in the journal besides its text
)

// A Limit passes events on to observers, and limits how much each execution can print.
type Limit struct {
	to []event.Observer

	mu  sync.Mutex
	of  map[execution]*said
	now float64 // of the newest event
}

// NewLimit returns a limit that passes events on to the given observers, in this order.
func NewLimit(to ...event.Observer) *Limit { return &Limit{to: to, of: map[execution]*said{}} }

// execution names an execution that runs.
type execution struct {
	node  string
	shard int
}

// said counts and keeps what one execution has printed.
type said struct {
	logged, warned int           // bytes
	newest         []event.Event // a ring of what came after maxLogged
	lines          int           // of the log, after maxLogged
	warnings       int           // after maxWarned
	last           event.Event   // the newest warning that was held back
}

// Observe implements [event.Observer].
func (l *Limit) Observe(ev event.Event) {
	for _, ev := range l.due(ev) {
		for _, o := range l.to {
			o.Observe(ev)
		}
	}
}

// due returns the events to pass on when an event comes: the event itself, unless it is held
// back. If it ends an execution, the lines that were held back come before it.
func (l *Limit) due(ev event.Event) []event.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = max(l.now, ev.T)
	id := execution{ev.Node, ev.Shard}
	switch ev.What {
	case event.Warned, event.Logged:
		if l.of[id] == nil {
			l.of[id] = &said{}
		}
		if !l.of[id].take(ev) {
			return nil
		}
	case event.Retrying, event.Ran, event.Failed:
		if s := l.of[id]; s != nil {
			delete(l.of, id)
			return append(s.rest(ev.T), ev)
		}
	}
	return []event.Event{ev}
}

// Flush ends all executions of a run that was abandoned, and returns the lines that were held
// back. The observers do not get them.
func (l *Limit) Flush() []event.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []event.Event
	for _, s := range l.of {
		out = append(out, s.rest(l.now)...)
	}
	clear(l.of)
	return out
}

// take counts a log line or warning, and reports whether it may be passed on now.
func (s *said) take(ev event.Event) bool {
	if ev.What == event.Warned {
		if s.warned += lineCost + len(ev.Text); s.warned <= maxWarned {
			return true
		}
		s.warnings++
		s.last = ev
		return false
	}
	if s.logged += lineCost + len(ev.Text); s.logged <= maxLogged {
		return true
	}
	if len(s.newest) < maxNewest {
		s.newest = append(s.newest, ev)
	} else {
		s.newest[s.lines%maxNewest] = ev
	}
	s.lines++
	return false
}

// rest returns what was held back of an execution that ended at the given time: the newest
// lines of its log, and how many lines and warnings are not kept.
func (s *said) rest(at float64) []event.Event {
	var out []event.Event
	if s.warnings > 0 {
		ev := s.last
		ev.T, ev.Text = at, fmt.Sprintf("… %s not kept", more(s.warnings, "warning"))
		out = append(out, ev)
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
