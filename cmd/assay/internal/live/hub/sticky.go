package hub

import (
	"bytes"
	"container/list"
	"fmt"
	"time"

	"assay/cmd/assay/internal/live"
)

// Limits on what is kept for readers that come later.
const (
	maxSticky      = 2000    // events with a key
	maxStickyBytes = 8 << 20 // of those
	maxTail        = 240     // newest events of each type without a key
	maxTailBytes   = 2 << 20 // of those
)

// sticky is the newest event of each key, and the last few of those that have none.
type sticky struct {
	by    map[string]*list.Element
	order *list.List // of live.Event, the one that came first is first
	bytes int        // of those
	gone  uint64     // of those, how many had to make room
	tails map[string]*tail
}

// tail is the newest events of a type.
type tail struct {
	events []live.Event
	bytes  int
}

func (t *tail) add(ev live.Event) {
	t.events, t.bytes = append(t.events, ev), t.bytes+len(ev.JSON)
	for len(t.events) > maxTail || t.bytes > maxTailBytes && len(t.events) > 1 {
		t.bytes -= len(t.events[0].JSON)
		t.events[0] = live.Event{} // let go of its bytes
		t.events = t.events[1:]
	}
}

func newSticky() *sticky {
	return &sticky{by: map[string]*list.Element{}, order: list.New(), tails: map[string]*tail{}}
}

// add takes in an event.
func (s *sticky) add(ev live.Event) {
	if ev.Key == "" {
		if s.tails[ev.Type] == nil {
			s.tails[ev.Type] = &tail{}
		}
		s.tails[ev.Type].add(ev)
		return
	}
	s.bytes += len(ev.JSON)
	if old := s.by[ev.Key]; old != nil {
		s.bytes -= len(old.Value.(live.Event).JSON)
		old.Value = ev
		s.order.MoveToBack(old)
	} else {
		s.by[ev.Key] = s.order.PushBack(ev)
	}
	for s.order.Len() > maxSticky || s.bytes > maxStickyBytes && s.order.Len() > 1 {
		old := s.order.Remove(s.order.Front()).(live.Event)
		delete(s.by, old.Key)
		s.bytes -= len(old.JSON)
		s.gone++
	}
}

// frame returns everything as one frame, which ends with the number of the last event.
func (s *sticky) frame(epoch string, last uint64, now time.Time) *Frame {
	var b bytes.Buffer
	fmt.Fprintf(&b, "retry: 1000\nevent: reset\ndata: {\"epoch\":%q,\"time\":%q}\n\n", epoch,
		now.UTC().Format(time.RFC3339))
	for _, ev := range s.events() {
		writeEvent(&b, ev)
	}
	fmt.Fprintf(&b, "id: %s-%d\nevent: ready\ndata: {}\n\n", epoch, last)
	return &Frame{plain: b.Bytes(), last: last}
}

// events returns all events that are kept: those with a key first, the oldest first.
func (s *sticky) events() []live.Event {
	var all []live.Event
	for e := s.order.Front(); e != nil; e = e.Next() {
		all = append(all, e.Value.(live.Event))
	}
	for _, name := range live.Types() {
		if t := s.tails[name]; t != nil {
			all = append(all, t.events...)
		}
	}
	return all
}
