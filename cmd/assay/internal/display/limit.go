package display

import (
	"fmt"
	"sync"

	"assay/engine/event"
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

// A Limit passes events on to observers, and bounds what each execution may say.
type Limit struct {
	to []event.Observer

	mu  sync.Mutex
	of  map[execution]*said
	now float64 // of the newest event
}

// NewLimit returns a limit before the given observers, which get each event in turn.
func NewLimit(to ...event.Observer) *Limit { return &Limit{to: to, of: map[execution]*said{}} }

// execution names one that is under way.
type execution struct {
	node  string
	shard int
}

// said is what one execution said so far.
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

// due returns what is to be passed on when an event comes: the event, unless it is held
// back, and before it, if it ends an execution, the rest of what that said.
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

// Flush ends all executions, those of a run that is given up, and returns the rest of what
// they said. No observer gets it.
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

// take reports whether a line of a log, or a warning, may be passed on now.
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

// rest returns what is still to be said of an execution that ended at a time: how much is
// not kept, and the newest lines of its log.
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
