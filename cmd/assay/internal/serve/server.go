package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"assay/cmd/assay/internal/live"
	"assay/cmd/assay/internal/live/hub"
)

// Options say how to serve.
type Options struct {
	Token      string   // who comes must know it; "" for everybody who can reach the server
	Hosts      []string // names by which the server may be called, besides localhost and IP addresses
	MaxReaders int      // readers of /events at a time
	Rate       float64  // events a second that may be posted, in the long run
	Version    string
}

// A Server is a dashboard.
type Server struct {
	o       Options
	hub     *hub.Hub
	bucket  *bucket
	began   time.Time
	counts  counts
	handler http.Handler
}

// New returns a server that shows the events of a hub.
func New(o Options, h *hub.Hub) *Server {
	s := &Server{o: o, hub: h, bucket: newBucket(o.Rate, time.Now), began: time.Now()}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /publish", s.publish)
	mux.HandleFunc("GET /events", s.events)
	mux.HandleFunc("GET /state", s.state)
	mux.HandleFunc("GET /schema/{name}", schema)
	mux.HandleFunc("GET /metrics", s.metrics)
	mux.HandleFunc("GET /healthz", healthy)
	mux.HandleFunc("GET /login", loginPage)
	mux.HandleFunc("POST /login", s.login)
	mux.Handle("GET /", pages())
	s.handler = s.guard(mux)
	return s
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Times that bound what a client may take.
const (
	headerTime = 5 * time.Second
	bodyTime   = 10 * time.Second
	writeTime  = 5 * time.Second // of one frame to a reader
	idleTime   = time.Minute
	stopTime   = 400 * time.Millisecond
)

// Serve answers on a listener until the context ends. Then it sends what waits, ends the
// readers and lets answers under way finish, for a moment.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler: s, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: 16 << 10, ConnContext: bound,
	}
	hubDone := make(chan struct{})
	hubCtx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		defer close(hubDone)
		s.hub.Run(hubCtx)
	}()
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	<-hubDone
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := srv.Shutdown(last); err != nil {
		return srv.Close() // somebody did not let go in time
	}
	return nil
}

// sendBuffer is what the kernel keeps for a reader that does not take it. Its own choice grows
// to megabytes, so that thousands of slow readers would take gigabytes.
const sendBuffer = 256 << 10

// bound bounds what a connection takes.
func bound(ctx context.Context, c net.Conn) context.Context {
	if t, ok := c.(*net.TCPConn); ok {
		t.SetWriteBuffer(sendBuffer) // without it all works, and takes more
	}
	return ctx
}

// state answers with what a new reader gets.
func (s *Server) state(w http.ResponseWriter, _ *http.Request) {
	list := []json.RawMessage{}
	for _, ev := range s.hub.State() {
		list = append(list, ev.JSON)
	}
	b, err := json.Marshal(list)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(b)
}

// schema answers with the schema of a type of event.
func schema(w http.ResponseWriter, r *http.Request) {
	name, _ := strings.CutSuffix(r.PathValue("name"), ".json")
	text, ok := live.SchemaText(name)
	if !ok {
		http.Error(w, "there is no such schema; there are "+strings.Join(live.Types(), ", "), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/schema+json")
	w.Write(text)
}

func healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n"))
}
