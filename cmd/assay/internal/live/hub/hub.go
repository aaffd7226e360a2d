package hub

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
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
