package serve

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"assay/cmd/assay/internal/live/hub"
)

// events sends all events to a reader, until it goes, falls behind, or the server stops.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	reader, err := s.hub.Subscribe(r.Header.Get("Last-Event-ID"))
	if err != nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer reader.Close()
	st := &stream{w: w, rc: http.NewResponseController(w), packed: takesGzip(r)}
	if err := st.begin(); err != nil || r.Method == http.MethodHead {
		return
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case <-reader.Gone():
			return
		case f, ok := <-reader.Frames():
			if !ok {
				return
			}
			if err := st.write(f); err != nil {
				if errors.Is(err, os.ErrDeadlineExceeded) {
					s.counts.slow.Add(1)
				}
				return
			}
			s.counts.sent.Add(uint64(st.last))
		}
	}
}

// takesGzip reports whether a reader can unpack gzip.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == "gzip" && strings.ReplaceAll(weight, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

// A stream writes frames to a reader.
type stream struct {
	w      http.ResponseWriter
	rc     *http.ResponseController
	packed bool
	last   int // bytes of the last frame, as sent
}

func (s *stream) begin() error {
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // for a proxy in front
	h.Set("Vary", "Accept-Encoding")
	// Without chunks a frame is one write to the kernel, not three. The stream ends with its
	// connection.
	h.Set("Transfer-Encoding", "identity")
	if !s.packed {
		return nil
	}
	h.Set("Content-Encoding", "gzip")
	_, err := io.WriteString(s.w, hub.GzipHeader)
	return err
}

// write sends a frame. It fails if the reader does not take it in time.
func (s *stream) write(f *hub.Frame) error {
	b := f.Plain()
	if s.packed {
		b = f.Packed()
	}
	s.last = len(b)
	err := s.rc.SetWriteDeadline(time.Now().Add(writeTime))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := s.w.Write(b); err != nil {
		return err
	}
	return s.rc.Flush()
}
