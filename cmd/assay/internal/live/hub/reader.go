package hub

import (
	"strconv"
	"strings"
	"time"
)

// A Reader gets frames.
type Reader struct {
	hub    *Hub
	frames chan *Frame
	gone   chan struct{}
}

// Frames returns the frames for the reader. The channel is closed when the hub ends.
func (r *Reader) Frames() <-chan *Frame { return r.frames }

// Gone is closed when the reader was dropped, since it did not keep up.
func (r *Reader) Gone() <-chan struct{} { return r.gone }

// Close ends the reader.
func (r *Reader) Close() {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	r.hub.remove(r)
}

// Subscribe adds a reader. lastID is the ID of the last event that it has seen, or "". If the
// hub still has all that came after it, the reader gets that; else it gets the state, which
// begins with the event "reset" and ends with "ready".
func (h *Hub) Subscribe(lastID string) (*Reader, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	if len(h.readers) >= h.maxReaders {
		h.stats.Refused++
		return nil, ErrCrowd
	}
	missed, ok := h.since(lastID)
	if ok {
		h.stats.Resume++
	} else {
		if h.snapshot == nil {
			h.snapshot = h.state.frame(h.epoch, h.last, time.Now())
		}
		missed = []*Frame{h.snapshot}
	}
	r := &Reader{hub: h, frames: make(chan *Frame, queue+len(missed)), gone: make(chan struct{})}
	for _, f := range missed {
		r.frames <- f
	}
	h.readers[r] = struct{}{}
	return r, nil
}

// since returns the frames after an event; false if some of them are no longer there, or if
// the ID is not of this hub. It returns at most half a queue of frames: whoever missed more is
// better off with the state.
func (h *Hub) since(id string) ([]*Frame, bool) {
	epoch, text, _ := strings.Cut(id, "-")
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || epoch != h.epoch || n > h.last {
		return nil, false
	}
	if n == h.last {
		return []*Frame{pingFrame()}, true
	}
	if len(h.ring) == 0 || n+1 < h.ring[0].first {
		return nil, false
	}
	var missed []*Frame
	for i := len(h.ring) - 1; i >= 0 && h.ring[i].last > n; i-- {
		if len(missed) == queue/2 {
			return nil, false
		}
		missed = append([]*Frame{h.ring[i].after(n)}, missed...)
	}
	return missed, true
}
