package serve

import (
	"fmt"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"
)

// counts are what the server counts itself.
type counts struct {
	posts, bad, refused, slow, sent atomic.Uint64
}

// metrics answers in Prometheus's text format. These are few numbers, so no library writes them.
func (s *Server) metrics(w http.ResponseWriter, _ *http.Request) {
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	h := s.hub.Stats()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	for _, m := range []struct {
		name, kind, help string
		value            float64
	}{
		{"assay_events_total", "counter", "Events that came in.", float64(h.Events)},
		{"assay_posts_total", "counter", "Posts that were accepted.", float64(s.counts.posts.Load())},
		{"assay_posts_bad_total", "counter", "Posts that were refused for what they are.", float64(s.counts.bad.Load())},
		{"assay_requests_refused_total", "counter", "Requests without token, from other sites or by other names.",
			float64(s.counts.refused.Load())},
		{"assay_frames_total", "counter", "Frames that events were gathered into.", float64(h.Frames)},
		{"assay_frame_bytes_total", "counter", "Bytes of frames before they are packed.", float64(h.Bytes)},
		{"assay_sent_bytes_total", "counter", "Bytes of frames sent to readers.", float64(s.counts.sent.Load())},
		{"assay_readers", "gauge", "Readers of /events.", float64(h.Readers)},
		{"assay_readers_dropped_total", "counter", "Readers that did not keep up.",
			float64(h.Dropped + s.counts.slow.Load())},
		{"assay_readers_refused_total", "counter", "Readers for whom there was no room.", float64(h.Refused)},
		{"assay_readers_resumed_total", "counter", "Readers that went on where they had stopped.", float64(h.Resume)},
		{"assay_sticky_events", "gauge", "Events kept for readers that come later.", float64(h.Sticky)},
		{"assay_sticky_evicted_total", "counter", "Such events that made room for newer ones.", float64(h.Evicted)},
		{"assay_pending_events", "gauge", "Events that wait for the next frame.", float64(h.Pending)},
		{"assay_uptime_seconds", "gauge", "Time since the server began.", time.Since(s.began).Seconds()},
		{"go_goroutines", "gauge", "Goroutines.", float64(runtime.NumGoroutine())},
		{"go_memstats_heap_alloc_bytes", "gauge", "Bytes of heap in use.", float64(mem.HeapAlloc)},
		{"go_memstats_sys_bytes", "gauge", "Bytes from the system.", float64(mem.Sys)},
	} {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n%s %g\n", m.name, m.help, m.name, m.kind, m.name, m.value)
	}
	fmt.Fprintf(w, "# HELP assay_build_info The version.\n# TYPE assay_build_info gauge\nassay_build_info{version=%q} 1\n",
		s.o.Version)
}
