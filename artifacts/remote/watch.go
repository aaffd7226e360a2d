package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// errStalled says that a server did not send or take anything for too long.
var errStalled = errors.New("the server does not answer, or too slowly")

const (
	// minProgress is how many bytes must move in the time that a request may stall, so that a server
	// that sends a byte now and then holds nobody up for ever.
	minProgress = 4 << 10
	// maxAnswer bounds answers that are no object: lists, errors.
	maxAnswer = 16 << 20
	// maxHeader bounds the header of an answer.
	maxHeader = 64 << 10
	// connections is how many requests are under way at most.
	connections = 16
)

// newTransport returns the transport that all requests go through. It gives a request up that
// stalls. It never unpacks what a server has packed.
func newTransport(stall time.Duration) http.RoundTripper {
	return &watchman{stall: stall, next: &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: stall, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    stall,
		MaxIdleConns:           connections,
		MaxIdleConnsPerHost:    connections,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: maxHeader,
		DisableCompression:     true,
		WriteBufferSize:        64 << 10,
		ReadBufferSize:         64 << 10,
	}}
}

// watchman ends requests that stall.
type watchman struct {
	next  http.RoundTripper
	stall time.Duration
}

// RoundTrip implements http.RoundTripper.
func (w *watchman) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	p := &progress{every: w.stall, cancel: cancel}
	p.begin()
	watched := req.Clone(ctx)
	if req.Body != nil && req.Body != http.NoBody {
		watched.Body = &counted{ReadCloser: req.Body, p: p}
	}
	resp, err := w.next.RoundTrip(watched)
	if err != nil {
		p.end()
		return nil, p.why(ctx, err)
	}
	p.moved.Add(minProgress) // the answer itself
	limit := int64(maxAnswer)
	if req.Method == http.MethodGet && req.URL.RawQuery == "" && resp.StatusCode < 300 {
		limit = maxBlob // whoever reads an object counts for itself
	}
	resp.Body = &counted{ReadCloser: resp.Body, p: p, ctx: ctx, left: limit, bounded: true, last: true}
	return resp, nil
}

// progress watches one request.
type progress struct {
	every  time.Duration
	cancel context.CancelCauseFunc
	moved  atomic.Int64

	mu    sync.Mutex
	timer *time.Timer // nil once the request is over
	seen  int64
}

func (p *progress) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer = time.AfterFunc(p.every, p.look)
}

// look ends the request if too little moved since the last look.
func (p *progress) look() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer == nil {
		return
	}
	now := p.moved.Load()
	if now-p.seen < minProgress {
		p.cancel(fmt.Errorf("%w (nothing for %s)", errStalled, p.every))
		return
	}
	p.seen = now
	p.timer.Reset(p.every)
}

// end ends the watch, and with it the request.
func (p *progress) end() {
	p.mu.Lock()
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	p.mu.Unlock()
	p.cancel(nil)
}

// why says that a request stalled, if that is why it failed.
func (p *progress) why(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
		return cause
	}
	return err
}

// counted is a body that says how much of it moved.
type counted struct {
	io.ReadCloser
	p       *progress
	ctx     context.Context
	left    int64
	bounded bool
	last    bool // the request is over with it
}

// Read implements io.Reader.
func (c *counted) Read(b []byte) (int, error) {
	if c.bounded && int64(len(b)) > c.left {
		b = b[:max(c.left, 0)]
		if len(b) == 0 {
			return 0, errors.New("the server's answer is far too long")
		}
	}
	n, err := c.ReadCloser.Read(b)
	c.p.moved.Add(int64(n))
	c.left -= int64(n)
	if err != nil && err != io.EOF && c.ctx != nil {
		err = c.p.why(c.ctx, err)
	}
	return n, err
}

// Close implements io.Closer.
func (c *counted) Close() error {
	if c.last {
		defer c.p.end()
	}
	return c.ReadCloser.Close()
}
