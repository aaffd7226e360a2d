package serve

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"assay/cmd/assay/internal/live"
	"assay/cmd/assay/internal/live/hub"
)

// publish takes events in: all of a post, or none.
func (s *Server) publish(w http.ResponseWriter, r *http.Request) {
	events, status, err := s.receive(w, r)
	if err == nil {
		status, err = s.pass(events)
	}
	if err != nil {
		s.counts.bad.Add(1)
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "1")
		}
		http.Error(w, err.Error(), status)
		return
	}
	s.counts.posts.Add(1)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	io.WriteString(w, `{"accepted":`+strconv.Itoa(len(events))+"}\n")
}

// receive reads and checks the events of a post. With an error it returns the status that says
// what is wrong.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) ([]live.Event, int, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, http.StatusUnsupportedMediaType, errors.New("want Content-Type: application/json")
	}
	if enc := r.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return nil, http.StatusUnsupportedMediaType, errors.New("want no Content-Encoding")
	}
	// A test's recorder has no deadlines; then there is none.
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, live.MaxBody))
	http.NewResponseController(w).SetReadDeadline(time.Time{})
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("the body has more than %d bytes; post in parts",
			live.MaxBody)
	case err != nil:
		return nil, http.StatusBadRequest, errors.New("the body ended early")
	}
	events, err := live.Parse(body)
	switch {
	case errors.Is(err, live.ErrSyntax):
		return nil, http.StatusBadRequest, err
	case err != nil:
		return nil, http.StatusUnprocessableEntity, err
	}
	return events, 0, nil
}

// pass gives events to the hub, unless there are too many.
func (s *Server) pass(events []live.Event) (int, error) {
	if !s.bucket.take(len(events)) {
		return http.StatusTooManyRequests, fmt.Errorf("more than %.0f events a second; wait a moment", s.o.Rate)
	}
	err := s.hub.Publish(events...)
	switch {
	case errors.Is(err, hub.ErrFull):
		return http.StatusTooManyRequests, err
	case err != nil:
		return http.StatusServiceUnavailable, err
	}
	return 0, nil
}
