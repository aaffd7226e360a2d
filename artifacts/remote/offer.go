package remote

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"assay/artifacts"
)

// maxOffers bounds how many results wait to be sent. More are left for "assay push".
const maxOffers = 1 << 16

// senders is how many results are sent at once.
const senders = 4

// sender sends results in the background.
type sender struct {
	mu     sync.Mutex
	queue  chan artifacts.Digest // nil until something is offered
	group  errgroup.Group
	ctx    context.Context
	cancel context.CancelFunc
	closed bool
}

// Offer takes note that the store has a new result, and returns at once. The result is sent in
// the background, its blobs before its record, if the remote takes any.
func (r *Remote) Offer(key artifacts.Digest) {
	if !r.Writable() {
		return
	}
	s := &r.sending
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if s.queue == nil {
		s.queue = make(chan artifacts.Digest, maxOffers)
		s.ctx, s.cancel = context.WithCancel(context.Background())
		for range senders {
			s.group.Go(func() error { r.sendAll(s.ctx, s.queue); return nil })
		}
	}
	select {
	case s.queue <- key:
	default:
		r.counts.unsent.Add(1)
	}
}

// sendAll sends what is offered.
func (r *Remote) sendAll(ctx context.Context, queue <-chan artifacts.Digest) {
	for key := range queue {
		if ctx.Err() != nil || r.breaker.writesOff.Load() {
			r.counts.unsent.Add(1)
			continue
		}
		err := r.sendResult(ctx, key)
		r.wrote(ctx, err)
		if err != nil {
			r.counts.unsent.Add(1)
		}
	}
}

// sendResult sends one result whole.
func (r *Remote) sendResult(ctx context.Context, key artifacts.Digest) error {
	if err := r.claim(ctx); err != nil {
		return err
	}
	rec, err := r.store.Record(key)
	if err != nil {
		return &localError{err}
	}
	list, err := r.blobsOf(rec)
	if err != nil {
		return err
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(senders)
	for _, d := range list {
		group.Go(func() error { return r.sendBlob(gctx, d) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return r.sendRecord(ctx, key, rec)
}

// SendTree sends the text of a tree whose files were sent, such as the union of what shards made, so
// that who has only a lock finds it.
func (r *Remote) SendTree(ctx context.Context, d artifacts.Digest) error {
	if !r.Writable() || r.breaker.writesOff.Load() {
		return nil
	}
	err := r.sendBlob(ctx, d)
	r.wrote(ctx, err)
	return err
}

// Close waits until what was offered is sent, or ctx ends, and keeps the records of what was found and
// brought. No more may be offered.
func (r *Remote) Close(ctx context.Context) error {
	s := &r.sending
	s.mu.Lock()
	queue := s.queue
	if queue != nil && !s.closed {
		close(queue)
	}
	s.closed = true
	s.mu.Unlock()
	if queue != nil {
		stop := context.AfterFunc(ctx, s.cancel)
		s.group.Wait()
		stop()
		s.cancel()
	}
	return errors.Join(ctx.Err(), r.Settle())
}
