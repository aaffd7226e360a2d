package intake

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// maxBody is how many bytes one request may have.
const maxBody = 8 << 20

// Post takes lines in over HTTP, as the body of POST requests to any path, until the context ends.
// If there is a token, whoever comes must know it. The answer comes when all lines are taken over,
// so a sender that waits for it is no faster than the detector.
func Post(ctx context.Context, l net.Listener, token string, to chan<- Line) error {
	srv := &http.Server{
		Handler:           http.MaxBytesHandler(handler(ctx, token, to), maxBody),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10,
	}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("cannot listen any more: %w", err)
	}
	return context.Cause(ctx)
}

func handler(ctx context.Context, token string, to chan<- Line) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodPost:
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "send lines of telemetry with POST", http.StatusMethodNotAllowed)
		case r.Header.Get("Origin") != "": // a page of somebody else, in a browser on this machine
			http.Error(w, "pages may not send telemetry", http.StatusForbidden)
		case !knows(r, token):
			http.Error(w, "the token is wrong; send it as: Authorization: Bearer TOKEN", http.StatusUnauthorized)
		default:
			if err := Pipe(ctx, r.Body, to); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			w.WriteHeader(http.StatusNoContent)
		}
	})
}

// knows reports whether a request has the token, if there is one.
func knows(r *http.Request, token string) bool {
	got := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token == "" || subtle.ConstantTimeCompare([]byte(got), []byte(token)) == 1
}
