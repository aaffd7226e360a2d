package send

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"assay/cmd/assay/internal/live"
)

// Pauses between tries.
const (
	firstPause = 100 * time.Millisecond
	longPause  = 5 * time.Second
	tryTime    = 10 * time.Second // for one post
)

// ErrRefused is the error for events that the dashboard will never take.
var ErrRefused = errors.New("the dashboard refuses")

// newClient returns a client that stays on its way: no proxy, no redirects.
func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext: (&net.Dialer{Timeout: 3 * time.Second}).DialContext, MaxIdleConns: 2,
			IdleConnTimeout: time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       tryTime,
	}
}

// run posts what is in the queue, until the context ends.
func (s *Sender) run(ctx context.Context) {
	defer close(s.done)
	for {
		batch := s.take()
		if len(batch) == 0 {
			select {
			case <-ctx.Done():
				return
			case <-s.wake:
			}
			continue
		}
		err := s.deliver(ctx, batch)
		s.mu.Lock()
		s.busy = false
		if err == nil {
			s.stats.Sent += len(batch)
		} else if s.err == nil {
			s.err = err
		}
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// deliver posts a batch until it is taken. It returns an error if the dashboard refuses it,
// the time to give up has come, or the context ends.
func (s *Sender) deliver(ctx context.Context, batch []live.Event) error {
	body := join(batch)
	began, pause, warned := time.Now(), firstPause, false
	for {
		wait, err := s.post(ctx, body)
		if err == nil || errors.Is(err, ErrRefused) {
			if warned && err == nil {
				s.warn("the dashboard can be reached again")
			}
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if s.o.GiveUp > 0 && time.Since(began) > s.o.GiveUp {
			return fmt.Errorf("cannot reach the dashboard: %w; start one with: assay serve", err)
		}
		if !warned {
			warned = true
			s.warn(fmt.Sprintf("cannot reach the dashboard, trying again: %v", err))
		}
		s.mu.Lock()
		s.stats.Retries++
		s.mu.Unlock()
		// Half of the pause is chance, so that many senders do not come at the same time.
		half := max(pause, wait) / 2
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(half + rand.N(half)):
		}
		pause = min(2*pause, longPause)
	}
}

func (s *Sender) warn(text string) {
	if s.o.Warn != nil {
		s.o.Warn(text)
	}
}

// join returns the body of a post.
func join(batch []live.Event) []byte {
	var b bytes.Buffer
	for i, ev := range batch {
		b.WriteByte("[,"[min(i, 1)])
		b.Write(ev.JSON)
	}
	b.WriteByte(']')
	return b.Bytes()
}

// post posts once. It returns how long the dashboard asks to wait, if it does.
func (s *Sender) post(ctx context.Context, body []byte) (wait time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.o.URL, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	req.Header.Set("Content-Type", "application/json")
	if s.o.Token != "" {
		req.Header.Set("Authorization", "Bearer "+s.o.Token)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 2000)) // what it says is only for the message
	return judge(resp, strings.TrimSpace(string(said)))
}

// judge says what an answer means.
func judge(resp *http.Response, said string) (wait time.Duration, err error) {
	switch code := resp.StatusCode; {
	case code >= 200 && code < 300:
		return 0, nil
	case code == http.StatusUnauthorized:
		return 0, fmt.Errorf("%w: %s; give its token with --token-file or ASSAY_TOKEN", ErrRefused, resp.Status)
	case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After")) // without one, our own pauses do
		return min(max(time.Duration(seconds)*time.Second, 0), time.Minute), fmt.Errorf("%s: %s", resp.Status, said)
	}
	return 0, fmt.Errorf("%w: %s: %s", ErrRefused, resp.Status, said)
}
