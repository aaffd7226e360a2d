package send

import (
	"context"
	"net/http"
	"sync"
	"time"

	"assay/cmd/assay/internal/live"
)

// Options say where events go.
type Options struct {
	URL    string
	Token  string        // "" for none
	Queue  int           // how many events may wait
	GiveUp time.Duration // how long to try without any success; 0 for ever
	Warn   func(string)  // hears once when the dashboard cannot be reached, and once when it can again
}

// DefaultQueue is how many events may wait.
const DefaultQueue = 4096

// Stats say what became of events.
type Stats struct{ Sent, Dropped, Retries int }

// A Sender posts events, in their order.
type Sender struct {
	o      Options
	client *http.Client

	mu    sync.Mutex
	queue []live.Event
	busy  bool // some events are under way
	stats Stats
	err   error // why it gave up

	wake chan struct{}
	done chan struct{}
	stop context.CancelFunc
}

// New starts a sender, which works until the context ends or [Sender.Close].
func New(ctx context.Context, o Options) *Sender {
	if o.Queue <= 0 {
		o.Queue = DefaultQueue
	}
	s := &Sender{o: o, client: newClient(), wake: make(chan struct{}, 1), done: make(chan struct{})}
	ctx, s.stop = context.WithCancel(ctx)
	go s.run(ctx)
	return s
}

// Send queues events. It returns why the sender gave up, if it did.
func (s *Sender) Send(events ...live.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.queue = append(s.queue, events...)
	s.trim()
	s.kick()
	return nil
}

// trim drops the oldest events if there are too many.
func (s *Sender) trim() {
	if over := len(s.queue) - s.o.Queue; over > 0 {
		s.queue = append([]live.Event(nil), s.queue[over:]...)
		s.stats.Dropped += over
	}
}

func (s *Sender) kick() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Drain waits until all events are delivered, the sender gives up, or the context ends.
func (s *Sender) Drain(ctx context.Context) error {
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		s.mu.Lock()
		err, empty := s.err, len(s.queue) == 0 && !s.busy
		s.mu.Unlock()
		if err != nil || empty {
			tick.Stop()
			return err
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// Close stops the sender. What still waits is not sent.
func (s *Sender) Close() {
	s.stop()
	<-s.done
	s.client.CloseIdleConnections()
}

// Stats returns what became of the events so far.
func (s *Sender) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// take returns the events of the next post.
func (s *Sender) take() []live.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, size := 0, 2
	for n < len(s.queue) && n < live.MaxEvents/2 && (n == 0 || size+len(s.queue[n].JSON)+1 <= live.MaxBody/2) {
		size += len(s.queue[n].JSON) + 1
		n++
	}
	batch := s.queue[:n:n]
	s.queue = s.queue[n:]
	s.busy = n > 0
	return batch
}
