package hub

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"assay/cmd/assay/internal/live"
)

// metric returns an event about a model.
func metric(t testing.TB, model string, value float64) live.Event {
	t.Helper()
	ev, err := live.Encode(live.Metric{Type: live.TypeMetric, Model: model, Value: &value})
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func window(t testing.TB, n int) live.Event {
	t.Helper()
	ev, err := live.Encode(live.Window{Type: live.TypeWindow, Host: "h", Episode: "e", T: float64(n), Channels: map[string]*float64{}})
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

// put publishes events and makes a frame of them.
func put(t testing.TB, h *Hub, events ...live.Event) {
	t.Helper()
	if err := h.Publish(events...); err != nil {
		t.Fatal(err)
	}
	h.flush()
}

func subscribe(t testing.TB, h *Hub, last string) *Reader {
	t.Helper()
	r, err := h.Subscribe(last)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// text returns everything that waits for a reader.
func text(r *Reader) string {
	var b strings.Builder
	for len(r.frames) > 0 {
		b.Write((<-r.frames).Plain())
	}
	return b.String()
}

// lastID returns the last ID in a stream.
func lastID(stream string) string {
	at := strings.LastIndex(stream, "id: ")
	id, _, _ := strings.Cut(stream[at+4:], "\n")
	return id
}

func TestNewReadersAreCurrent(t *testing.T) {
	h := New(10)
	put(t, h, metric(t, "a", 1), metric(t, "b", 2), window(t, 1))
	put(t, h, metric(t, "a", 3), window(t, 2))
	got := text(subscribe(t, h, ""))
	if !strings.HasPrefix(got, "retry: 1000\nevent: reset\n") || !strings.Contains(got, "event: ready\n") {
		t.Errorf("the state has no beginning or no end:\n%s", got)
	}
	if strings.Contains(got, `"value":1`) || strings.Index(got, `"model":"b"`) > strings.Index(got, `"value":3`) {
		t.Errorf("an event was not replaced, or stands before an older one:\n%s", got)
	}
	if strings.Count(got, "event: telemetry_window") != 2 {
		t.Errorf("not both windows are there:\n%s", got)
	}
	if a, b := text(subscribe(t, h, "")), text(subscribe(t, h, "other-1")); a != b {
		t.Errorf("two readers see different things:\n%s\n%s", a, b)
	}
}

// TestReadersGoOn reads half of what comes, and then the rest by the last ID; each ID in turn.
func TestReadersGoOn(t *testing.T) {
	h := New(100)
	r := subscribe(t, h, "")
	start := lastID(text(r))
	for i := range 5 {
		put(t, h, window(t, 2*i), window(t, 2*i+1))
	}
	all := text(r)
	parts := strings.SplitAfter(all, "\n\n")
	ids := []string{start}
	for _, p := range parts[:len(parts)-1] {
		ids = append(ids, lastID(p))
	}
	for i, id := range ids {
		want := strings.Join(parts[i:], "")
		got := text(subscribe(t, h, id))
		if want == "" {
			want = "event: ping\ndata: {}\n\n"
		}
		if got != want {
			t.Errorf("after %s comes\n%s\nwant\n%s", id, got, want)
		}
	}
	for _, id := range []string{h.epoch + "-99", h.epoch + "-", "0-1", "-1", h.epoch + "--1"} {
		if got := text(subscribe(t, h, id)); !strings.Contains(got, "event: reset") {
			t.Errorf("with the ID %q comes %q", id, got)
		}
	}
}

func TestWhoMissedMuchGetsTheState(t *testing.T) {
	h := New(10)
	id := lastID(text(subscribe(t, h, "")))
	for i := range queue {
		put(t, h, window(t, i))
	}
	if got := text(subscribe(t, h, id)); !strings.Contains(got, "event: reset") {
		t.Error("a reader that missed a whole queue gets every frame")
	}
}

func TestSlowReadersAreDropped(t *testing.T) {
	h := New(10)
	slow, quick := subscribe(t, h, ""), subscribe(t, h, "")
	got := 0
	for i := range 3 * queue {
		put(t, h, window(t, i))
		got += strings.Count(text(quick), "event: telemetry_window")
	}
	select {
	case <-slow.Gone():
	default:
		t.Error("the slow reader is still there")
	}
	if got != 3*queue || h.Stats().Dropped != 1 || h.Stats().Readers != 1 {
		t.Errorf("the quick reader got %d of %d; %+v", got, 3*queue, h.Stats())
	}
	slow.Close() // again does no harm
}

func TestBounds(t *testing.T) {
	h := New(1)
	subscribe(t, h, "")
	if _, err := h.Subscribe(""); !errors.Is(err, ErrCrowd) {
		t.Errorf("a reader too many: %v", err)
	}
	var many []live.Event
	for i := range maxSticky + 50 {
		many = append(many, metric(t, fmt.Sprint(i), 1))
	}
	for i := range maxTail + 50 {
		many = append(many, window(t, i))
	}
	put(t, h, many...)
	if n := len(h.State()); n != maxSticky+maxTail || h.Stats().Evicted != 50 {
		t.Errorf("%d events are kept, %d made room", n, h.Stats().Evicted)
	}
	if last := h.State()[maxSticky-1]; !bytes.Contains(last.JSON, fmt.Appendf(nil, `"model":"%d"`, maxSticky+49)) {
		t.Errorf("the newest is %s", last.JSON)
	}
	if h.ringSize > maxRing {
		t.Errorf("%d bytes of frames are kept", h.ringSize)
	}
	big := window(t, 0)
	big.JSON = bytes.Repeat([]byte(" "), maxTailBytes/10)
	for range 30 {
		put(t, h, big)
	}
	if n := len(h.State()); n > maxSticky+11 || n <= maxSticky || h.Stats().Sticky != maxSticky {
		t.Errorf("%d events are kept after large ones", n)
	}
	lot := make([]live.Event, maxPending)
	one := window(t, 0)
	for i := range lot {
		lot[i] = one
	}
	if err := h.Publish(lot...); err != nil {
		t.Error(err)
	}
	if err := h.Publish(window(t, 0)); !errors.Is(err, ErrFull) {
		t.Errorf("an event too many: %v", err)
	}
}

// TestPackedFramesAreOneStream joins packed frames as a reader gets them, beginning at any one.
func TestPackedFramesAreOneStream(t *testing.T) {
	h := New(3)
	for i := range 4 {
		put(t, h, window(t, i), metric(t, fmt.Sprint(i), 1))
	}
	for from := range 4 {
		stream, want := []byte(GzipHeader), ""
		for _, f := range h.ring[from:] {
			stream, want = append(stream, f.Packed()...), want+string(f.Plain())
		}
		z, err := gzip.NewReader(bytes.NewReader(stream))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(z) // the stream has no end, so neither does the reader find one
		if string(got) != want || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("from frame %d: %v,\n%s\nwant\n%s", from, err, got, want)
		}
	}
}

func TestTheEnd(t *testing.T) {
	h := New(10)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { h.Run(ctx); close(done) }()
	r := subscribe(t, h, "")
	if err := h.Publish(window(t, 1)); err != nil {
		t.Fatal(err)
	}
	cancel()
	<-done
	var all strings.Builder
	for f := range r.Frames() { // ends, since the channel is closed
		all.Write(f.Plain())
	}
	if !strings.Contains(all.String(), "telemetry_window") {
		t.Errorf("what waited was not sent: %s", all.String())
	}
	if _, err := h.Subscribe(""); !errors.Is(err, ErrClosed) {
		t.Errorf("a reader comes too late: %v", err)
	}
	if err := h.Publish(window(t, 2)); !errors.Is(err, ErrClosed) {
		t.Errorf("an event comes too late: %v", err)
	}
	r.Close()
}

func TestRunSendsWhatIsPublished(t *testing.T) {
	h := New(10)
	go h.Run(t.Context())
	r := subscribe(t, h, "")
	<-r.Frames()
	if err := h.Publish(window(t, 7)); err != nil {
		t.Fatal(err)
	}
	select {
	case f := <-r.Frames():
		if !strings.Contains(string(f.Plain()), `"t_s":7`) {
			t.Errorf("%s", f.Plain())
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nothing comes")
	}
}
