package send

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/cmd/assay/internal/live"
)

// board is a dashboard that answers as it is told.
type board struct {
	mu     sync.Mutex
	got    []live.Metric
	answer []int // statuses of the next posts; then 202
	tokens map[string]bool
	sizes  []int
	gate   chan struct{} // if not nil, each post waits for it
}

func (b *board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.gate != nil {
		<-b.gate
	}
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tokens != nil && !b.tokens[r.Header.Get("Authorization")] {
		http.Error(w, "who is there?", http.StatusUnauthorized)
		return
	}
	if len(b.answer) > 0 {
		status := b.answer[0]
		b.answer = b.answer[1:]
		if status != http.StatusAccepted {
			http.Error(w, "not now", status)
			return
		}
	}
	var list []live.Metric
	if err := json.Unmarshal(body, &list); err != nil || r.Header.Get("Content-Type") != "application/json" {
		http.Error(w, "what is this?", http.StatusBadRequest)
		return
	}
	b.sizes = append(b.sizes, len(body))
	b.got = append(b.got, list...)
	w.WriteHeader(http.StatusAccepted)
}

func events(t *testing.T, n int, model string) []live.Event {
	t.Helper()
	var list []live.Event
	for i := range n {
		v := float64(i)
		ev, err := live.Encode(live.Metric{Type: live.TypeMetric, Model: model, Value: &v})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, ev)
	}
	return list
}

func start(t *testing.T, b *board, o Options) *Sender {
	t.Helper()
	srv := httptest.NewServer(b)
	o.URL = srv.URL
	s := New(t.Context(), o)
	t.Cleanup(func() { s.Close(); srv.Close() })
	return s
}

// TestInOrder sends many events to a dashboard that is busy at first. They arrive once each, in
// order, in posts that it takes.
func TestInOrder(t *testing.T) {
	b := &board{answer: []int{503, 429, 500, 408}}
	var said []string
	s := start(t, b, Options{Warn: func(text string) { said = append(said, text) }})
	if err := s.Send(events(t, 3000, strings.Repeat("m", 150))...); err != nil {
		t.Fatal(err)
	}
	if err := s.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, m := range b.got {
		if *m.Value != float64(i) {
			t.Fatalf("event %d is %v", i, *m.Value)
		}
	}
	if n := s.Stats(); len(b.got) != 3000 || n.Sent != 3000 || n.Retries != 4 || n.Dropped != 0 {
		t.Errorf("%d arrived, %+v", len(b.got), n)
	}
	for _, size := range b.sizes {
		if size > live.MaxBody {
			t.Errorf("a post has %d bytes", size)
		}
	}
	if len(said) != 2 || !strings.Contains(said[0], "trying again") || !strings.Contains(said[1], "can be reached again") {
		t.Errorf("warnings %q", said)
	}
}

// TestOldestMakeRoom fills the queue while the dashboard does not answer.
func TestOldestMakeRoom(t *testing.T) {
	b := &board{gate: make(chan struct{})}
	s := start(t, b, Options{Queue: 10})
	all := events(t, 40, "m")
	s.Send(all[:1]...)
	for { // until the first is under way
		s.mu.Lock()
		busy := s.busy
		s.mu.Unlock()
		if busy {
			break
		}
		time.Sleep(time.Millisecond)
	}
	for _, ev := range all[1:] {
		s.Send(ev)
	}
	close(b.gate)
	if err := s.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.Stats(); n.Dropped != 29 || n.Sent != 11 || *b.got[0].Value != 0 || *b.got[1].Value != 30 {
		t.Errorf("%+v, first %v, then %v", n, *b.got[0].Value, *b.got[1].Value)
	}
}

func TestRefusals(t *testing.T) {
	for status, want := range map[int]string{400: "not now", 413: "413", 421: "421", 301: "301"} {
		s := start(t, &board{answer: []int{status}}, Options{})
		s.Send(events(t, 1, "m")...)
		err := s.Drain(t.Context())
		if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%d: %v", status, err)
		}
		if again := s.Send(events(t, 1, "m")...); !errors.Is(again, ErrRefused) {
			t.Errorf("%d: the next event: %v", status, again)
		}
	}
	b := &board{tokens: map[string]bool{"Bearer secret": true}}
	s := start(t, b, Options{})
	s.Send(events(t, 1, "m")...)
	if err := s.Drain(t.Context()); err == nil || !strings.Contains(err.Error(), "--token-file") {
		t.Errorf("without the token: %v", err)
	}
	s = start(t, b, Options{Token: "secret"})
	s.Send(events(t, 1, "m")...)
	if err := s.Drain(t.Context()); err != nil || len(b.got) != 1 {
		t.Errorf("with the token: %v", err)
	}
}

func TestGivesUp(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close() // nobody listens there now
	s := New(t.Context(), Options{URL: srv.URL, GiveUp: time.Millisecond})
	defer s.Close()
	s.Send(events(t, 1, "m")...)
	if err := s.Drain(t.Context()); err == nil || !strings.Contains(err.Error(), "assay serve") {
		t.Errorf("%v", err)
	}
}

// TestStops closes a sender while it tries in vain.
func TestStops(t *testing.T) {
	s := New(t.Context(), Options{URL: "http://127.0.0.1:1/"})
	s.Send(events(t, 1, "m")...)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	s.Close()
}
