package remote

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// maxFailures is after how many failures in a row a remote is left alone for the rest of a run.
const maxFailures = 3

// breaker keeps a run from waiting for a server that does not work. Reading and writing are apart.
type breaker struct {
	reads, writes       atomic.Int32 // failures in a row
	readsOff, writesOff atomic.Bool
}

// reading returns an error if the remote is not to be asked any more.
func (r *Remote) reading(ctx context.Context) error {
	if r.breaker.readsOff.Load() {
		return errOff
	}
	err := r.ready(ctx)
	if err == nil || ctx.Err() != nil || errors.Is(err, ErrDenied) {
		return err
	}
	if !r.breaker.readsOff.Swap(true) {
		r.breaker.writesOff.Store(true)
		r.said.say(fmt.Sprintf("the remote %s cannot be used, and is not asked again: %v", r.addr.Text, err))
	}
	return fmt.Errorf("%w: %w", errOff, err)
}

// read judges what became of a request to read. A failure that may be the server's counts.
func (r *Remote) read(ctx context.Context, what string, err error) {
	switch {
	case ctx.Err() != nil || errors.Is(err, errOff):
	case err == nil || errors.Is(err, ErrAbsent):
		r.breaker.reads.Store(0)
	case errors.Is(err, ErrDenied):
		r.said.once("denied", fmt.Sprintf("the remote %s is of no use for what it denies (some say so of whatever they lack): %v",
			r.addr.Text, err))
	default:
		r.said.say(fmt.Sprintf("%s cannot be had from the remote: %v", what, err))
		if passes(ctx, err) && r.breaker.reads.Add(1) >= maxFailures && !r.breaker.readsOff.Swap(true) {
			r.said.once("off", fmt.Sprintf("the remote %s failed %d times in a row; the run goes on without it", r.addr.Text,
				maxFailures))
		}
	}
}

// wrote judges what became of a request to write, and reports whether to go on writing.
func (r *Remote) wrote(ctx context.Context, err error) bool {
	switch {
	case err == nil:
		r.breaker.writes.Store(0)
	case ctx.Err() != nil:
		return false
	case errors.Is(err, ErrDenied):
		r.breaker.writesOff.Store(true)
		if errors.Is(r.firstErr, ErrDenied) {
			return false // it was said already
		}
		r.said.once("deniedWrite", fmt.Sprintf("the remote %s takes nothing from here, so it is only read: %v", r.addr.Text, err))
	default:
		r.said.say(fmt.Sprintf("a result cannot be sent to the remote: %v", err))
		if r.breaker.writes.Add(1) >= maxFailures && !r.breaker.writesOff.Swap(true) {
			r.said.once("offWrite", fmt.Sprintf("the remote %s failed %d times in a row; nothing more is sent to it: "+
				"send it later with: assay push", r.addr.Text, maxFailures))
		}
	}
	return !r.breaker.writesOff.Load()
}

// saying bounds what is said of a remote, one thing at a time.
type saying struct {
	warn func(string)

	mu   sync.Mutex
	n    int
	seen map[string]bool
}

// maxSaid is how many failures are told one by one.
const maxSaid = 5

// say warns, unless there were many warnings already.
func (s *saying) say(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	switch {
	case s.n < maxSaid:
		s.warn(text)
	case s.n == maxSaid:
		s.warn(text + " (more of this kind is not said)")
	}
}

// once warns, but only one time for each word.
func (s *saying) once(word, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	if !s.seen[word] {
		s.warn(text)
	}
	s.seen[word] = true
}
