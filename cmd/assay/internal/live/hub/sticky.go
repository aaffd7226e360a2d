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
	maxStickyBytes = 8 << 20 // of those, and of the newest without a key
	maxTail        = 240     // newest events of each type without a key
)

// sticky is the newest event of each key, and the last few of those that have none.
type sticky struct {
	by    map[string]*list.Element
	order *list.List // of live.Event, the one that came first is first
	tails map[string][]live.Event
	bytes int
	gone  uint64 // events with a key that had to make room
}

func newSticky() *sticky {
	return &sticky{by: map[string]*list.Element{}, order: list.New(), tails: map[string][]live.Event{}}
}

// add takes in an event.
func (s *sticky) add(ev live.Event) {
	s.bytes += len(ev.JSON)
	if ev.Key == "" {
		tail := append(s.tails[ev.Type], ev)
		if len(tail) > maxTail {
			s.bytes -= len(tail[0].JSON)
			tail[0] = live.Event{} // let go of its bytes
			tail = tail[1:]
		}
		s.tails[ev.Type] = tail
	} else if old := s.by[ev.Key]; old != nil {
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
		all = append(all, s.tails[name]...)
	}
	return all
}
