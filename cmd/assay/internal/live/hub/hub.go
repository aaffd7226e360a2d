package hub

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"assay/cmd/assay/internal/live"
)

// Limits of a hub.
const (
	maxPending      = 32 << 10 // events that wait for the next frame
	maxPendingBytes = 32 << 20
	maxRing         = 8 << 20 // bytes of frames kept for readers that come again
	queue           = 64      // frames that a reader may be behind
	pingEvery       = 15 * time.Second
)

// The errors of a hub.
var (
	ErrFull   = errors.New("too many events wait to be sent")
	ErrCrowd  = errors.New("too many readers")
	ErrClosed = errors.New("the server stops")
)

// A Hub passes events on.
type Hub struct {
	epoch      string // tells the numbers of this hub from those of one before it
	maxReaders int

	mu       sync.Mutex
	pending  []live.Event
	waiting  int // bytes of pending
	last     uint64
	ring     []*Frame
	ringSize int
	state    *sticky
	snapshot *Frame // of the state; nil if it has changed
	readers  map[*Reader]struct{}
	closed   bool
	wake     chan struct{}
	stats    Stats
}

// Stats say what a hub has done.
type Stats struct {
	Readers, Sticky, Pending          int
	Events, Frames, Bytes             uint64 // in, made, made (plain)
	Dropped, Refused, Evicted, Resume uint64 // readers too slow, readers too many, sticky events, readers resumed
}

// New returns a hub for at most so many readers at a time.
func New(maxReaders int) *Hub {
	var b [6]byte
	rand.Read(b[:]) // never fails, see its documentation
	return &Hub{
		epoch: hex.EncodeToString(b[:]), maxReaders: maxReaders, state: newSticky(),
		readers: map[*Reader]struct{}{}, wake: make(chan struct{}, 1),
	}
}

// Publish passes events on, all or none.
func (h *Hub) Publish(events ...live.Event) error {
	size := 0
	for _, ev := range events {
		size += len(ev.JSON)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return ErrClosed
	case len(h.pending)+len(events) > maxPending || h.waiting+size > maxPendingBytes:
		return ErrFull
	}
	h.pending = append(h.pending, events...)
	h.waiting += size
	h.stats.Events += uint64(len(events))
	select {
	case h.wake <- struct{}{}:
	default:
	}
	return nil
}

// Run makes frames of events and gives them to the readers, until the context ends. Then it
// sends what waits and ends the readers.
func (h *Hub) Run(ctx context.Context) {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			h.flush()
			h.close()
			return
		case <-ping.C:
			h.mu.Lock()
			h.deliver(pingFrame())
			h.mu.Unlock()
		case <-h.wake:
			pause(ctx, h.interval())
			h.flush()
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// interval returns how long events are gathered into one frame. Each frame costs a write for
// each reader, so many readers get fewer and larger ones.
func (h *Hub) interval() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return min(max(time.Duration(len(h.readers))*50*time.Microsecond, 20*time.Millisecond), 100*time.Millisecond)
}

// flush makes a frame of what waits.
func (h *Hub) flush() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.pending) == 0 {
		return
	}
	f := newFrame(h.epoch, h.last+1, h.pending)
	for _, ev := range h.pending {
		h.state.add(ev)
	}
	h.last, h.pending, h.waiting, h.snapshot = f.last, nil, 0, nil
	h.ring, h.ringSize = append(h.ring, f), h.ringSize+len(f.plain)
	for h.ringSize > maxRing && len(h.ring) > 1 {
		h.ringSize -= len(h.ring[0].plain)
		h.ring[0] = nil // let go of it
		h.ring = h.ring[1:]
	}
	h.stats.Frames++
	h.stats.Bytes += uint64(len(f.plain))
	h.deliver(f)
}

// deliver gives a frame to every reader, and drops those whose queue is full.
func (h *Hub) deliver(f *Frame) {
	for r := range h.readers {
		select {
		case r.frames <- f:
		default:
			h.stats.Dropped++
			h.remove(r)
		}
	}
}

// remove ends a reader.
func (h *Hub) remove(r *Reader) {
	if _, ok := h.readers[r]; ok {
		delete(h.readers, r)
		close(r.gone)
	}
}

// close ends all readers, and takes no more events.
func (h *Hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for r := range h.readers {
		close(r.frames) // what is in it is still read
		delete(h.readers, r)
	}
}

// Stats returns what the hub has done.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.stats
	s.Readers, s.Sticky, s.Pending, s.Evicted = len(h.readers), h.state.order.Len(), len(h.pending), h.state.gone
	return s
}

// State returns the events that a new reader gets.
func (h *Hub) State() []live.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state.events()
}

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
