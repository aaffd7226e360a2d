// Package remote is the tier of a store that machines share: a bucket of a server that speaks S3,
// or plain files of a web server, to read only.
//
// [Open] a [Remote] for a store. [Remote.Find] and [Remote.Bring] read through it, [Remote.Offer] sends
// what was made here in the background, [Remote.Push] and [Remote.Pull] copy at once. [Probe] says what a
// server can do. Read address.go first, for what an address may be, then names.go: objects have
// the names that files have in a store, so a store that was copied to a bucket is a remote. Nothing that
// comes is believed before it is hashed (fetch.go), and no server can make a run wait for ever (watch.go,
// breaker.go).
package remote

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"assay/artifacts"
	"assay/artifacts/store"
)

// Options are how long a remote may take. The zero value has the usual times.
type Options struct {
	Stall  time.Duration // how long a request may make no progress; 20 s
	Small  time.Duration // how long it may take to get a record or to ask for a blob; 60 s
	First  time.Duration // the same of the first request; 10 s
	Wait   time.Duration // before the second try of an object; doubled for each further one; 200 ms
	Strict bool          // errors are returned where a run would only warn
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		at    *time.Duration
		usual time.Duration
	}{
		{&o.Stall, 20 * time.Second}, {&o.Small, time.Minute}, {&o.First, 10 * time.Second},
		{&o.Wait, 200 * time.Millisecond},
	} {
		if *d.at <= 0 {
			*d.at = d.usual
		}
	}
	return o
}

// A Remote is a remote and the store that it serves. Several goroutines may use it.
type Remote struct {
	addr   Address
	opts   Options
	store  *store.Store
	shelf  shelf
	bucket *bucket // nil if the remote is plain files
	slots  chan struct{}

	first    sync.Once // of what follows
	firstErr error
	empty    bool // it has no format yet
	claimed  sync.Once
	claimErr error

	breaker breaker
	said    saying
	flights singleflight.Group
	counts  counts

	promised sync.Map // key → *store.Result, found in the remote but not in the store
	damaged  sync.Map // digest → true: blobs, and keys of results, of which the remote has something wrong
	present  sync.Map // digest → true: blobs that the remote is known to have

	sending sender
}

// Stats is what went over the network.
type Stats struct {
	Found   int64 // results found in the remote
	Fetched int64 // objects
	In      int64 // bytes
	Sent    int64 // objects
	Out     int64 // bytes
	Unsent  int64 // results made here that the remote did not get
}

// Any reports whether anything went.
func (s Stats) Any() bool { return s != Stats{} }

// counts are Stats under way.
type counts struct{ found, fetched, in, sent, out, unsent atomic.Int64 }

// Stats returns what went over the network so far.
func (r *Remote) Stats() Stats {
	c := &r.counts
	return Stats{c.found.Load(), c.fetched.Load(), c.in.Load(), c.sent.Load(), c.out.Load(), c.unsent.Load()}
}

// Open returns the remote at an address, as the tier of a store. It asks nothing of the network.
func Open(address string, st *store.Store, o Options) (*Remote, error) {
	addr, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	r := &Remote{addr: addr, opts: o.withDefaults(), store: st, slots: make(chan struct{}, connections)}
	r.said.warn = st.Warn
	if addr.Plain() {
		r.shelf = newWeb(addr, r.opts)
		return r, nil
	}
	if r.bucket, err = newBucket(addr, r.opts); err != nil {
		return nil, err
	}
	r.shelf = r.bucket
	return r, nil
}

// Address returns the address as it was written. It holds no secrets.
func (r *Remote) Address() string { return r.addr.Text }

// Writable reports whether results may be sent: there are credentials, and the remote is a bucket.
func (r *Remote) Writable() bool { return r.bucket != nil && !r.bucket.anonymous() }

// ready looks once what is at the address, before anything else is asked.
func (r *Remote) ready(ctx context.Context) error {
	r.first.Do(func() {
		ctx, cancel := context.WithTimeoutCause(ctx, r.opts.First, errStalled)
		defer cancel()
		r.firstErr = r.look(ctx)
		if errors.Is(r.firstErr, context.DeadlineExceeded) {
			r.firstErr = errStalled
		}
	})
	return r.firstErr
}

// slot waits until another request may be sent. The slot is given back by calling done.
func (r *Remote) slot(ctx context.Context) (done func(), err error) {
	select {
	case r.slots <- struct{}{}:
		return func() { <-r.slots }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// has reports whether a digest is in one of the sets above.
func has(set *sync.Map, d artifacts.Digest) bool {
	_, ok := set.Load(d)
	return ok
}
