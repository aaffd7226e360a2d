package hub

import (
	"bytes"
	"compress/flate"
	"fmt"
	"sync"

	"assay/cmd/assay/internal/live"
)

// A Frame is some events in the form text/event-stream. All readers share it.
type Frame struct {
	plain       []byte
	first, last uint64 // numbers of its events
	starts      []int  // where each event begins in plain

	once   sync.Once
	packed []byte
}

// Plain returns the bytes of the frame. Nobody may change them.
func (f *Frame) Plain() []byte { return f.plain }

// GzipHeader begins a stream of packed frames, which has no end.
const GzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

// Packed returns the frame as a part of a gzip stream. It refers to nothing before it, so it
// fits into the stream of any reader, and it ends at a byte, so the reader can unpack all of it.
func (f *Frame) Packed() []byte {
	f.once.Do(func() {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.BestSpeed)
		if err != nil {
			panic(err) // the level is a constant that is known
		}
		w.Write(f.plain) // a buffer takes everything
		w.Flush()
		f.packed = b.Bytes()
	})
	return f.packed
}

// newFrame encodes events with the numbers from first on.
func newFrame(epoch string, first uint64, events []live.Event) *Frame {
	f := &Frame{first: first, last: first + uint64(len(events)) - 1}
	var b bytes.Buffer
	for i, ev := range events {
		f.starts = append(f.starts, b.Len())
		fmt.Fprintf(&b, "id: %s-%d\n", epoch, first+uint64(i))
		writeEvent(&b, ev)
	}
	f.plain = b.Bytes()
	return f
}

func writeEvent(b *bytes.Buffer, ev live.Event) {
	b.WriteString("event: ")
	b.WriteString(ev.Type)
	b.WriteString("\ndata: ")
	b.Write(ev.JSON)
	b.WriteString("\n\n")
}

// after returns the events of the frame that come after number n.
func (f *Frame) after(n uint64) *Frame {
	if n < f.first {
		return f
	}
	return &Frame{plain: f.plain[f.starts[n-f.first+1]:], first: n + 1, last: f.last}
}

// pingFrame keeps a quiet connection open, and tells the page that the server lives.
func pingFrame() *Frame { return &Frame{plain: []byte("event: ping\ndata: {}\n\n")} }
