package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/store"
)

const (
	// maxRecord bounds records: an action with thousands of inputs takes 1 MiB.
	maxRecord = 16 << 20
	// maxBlob bounds files. The digest says nothing of the size, so the disk is the other bound.
	maxBlob = 1 << 40
	// spare is how much of the disk is left free at least.
	spare = 256 << 20
)

// small reads an object into memory.
func (r *Remote) small(ctx context.Context, key string, most int64) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.opts.Small, errStalled)
	defer cancel()
	var b bytes.Buffer
	err := r.fetch(ctx, key, most, &b)
	return b.Bytes(), err
}

// blob brings a blob to the store. Only what its name says comes to lie there. At most one goroutine
// fetches a blob at a time.
func (r *Remote) blob(ctx context.Context, d artifacts.Digest, most int64) error {
	_, err, _ := r.flights.Do(string(d[:]), func() (any, error) {
		if r.store.Whole(d, false) {
			return nil, nil
		}
		err := r.store.Receive(d, func(w io.Writer) error { return r.fetch(ctx, r.blobKey(d), most, w) })
		if errors.Is(err, store.ErrOtherContent) {
			err = fmt.Errorf("%w: %w", errBad, err)
		}
		switch {
		case err == nil:
			r.present.Store(d, true)
		case errors.Is(err, errBad):
			r.damaged.Store(d, true)
		}
		return nil, err
	})
	return err
}

// room is how large a file may be that is to lie in the store.
func (r *Remote) room() int64 {
	free, _, ok := disk.Free(r.store.Dir())
	if !ok {
		return maxBlob
	}
	return min(maxBlob, max(0, free-spare))
}

// fetch writes an object to w. After a failure on the way it goes on where it was.
func (r *Remote) fetch(ctx context.Context, key string, most int64, w io.Writer) error {
	done, err := r.slot(ctx)
	if err != nil {
		return err
	}
	defer done()
	c := &copying{shelf: r.shelf, key: key, most: most, w: w, size: -1}
	wait := r.opts.Wait
	for try := 1; ; try++ {
		err := c.goOn(ctx)
		if err == nil {
			r.counts.fetched.Add(1)
			r.counts.in.Add(c.at)
			return nil
		}
		if !passes(ctx, err) || errors.Is(err, errStalled) || try == tries { // stalling took long enough
			if cause := context.Cause(ctx); cause != nil {
				return cause
			}
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		wait *= 2
	}
}

// copyBuffer is how much of an object is in memory at once.
const copyBuffer = 256 << 10

// copying is an object on its way.
type copying struct {
	shelf shelf
	key   string
	most  int64
	w     io.Writer
	at    int64 // how much came
	size  int64 // -1 until it is known
}

// goOn copies the rest of the object.
func (c *copying) goOn(ctx context.Context) error {
	o, err := c.shelf.open(ctx, c.key, c.at)
	if err != nil {
		return err
	}
	defer o.body.Close()
	switch {
	case o.size > c.most:
		return fmt.Errorf("%w: it says that it has %d bytes, and at most %d are taken (free the disk, if that is why)", errBad,
			o.size, c.most)
	case o.from > c.at:
		return fmt.Errorf("%w: another part came than the one that was asked for", errBad)
	case c.size >= 0 && o.size != c.size:
		return fmt.Errorf("%w: it changed while it was read", errBad)
	}
	c.size = o.size
	if _, err := io.CopyN(io.Discard, o.body, c.at-o.from); err != nil { // a server that knows no ranges
		return err
	}
	end := c.size
	if end < 0 {
		end = c.most + 1
	}
	buffer := make([]byte, min(copyBuffer, max(end-c.at, 1)))
	n, err := io.CopyBuffer(localWriter{c.w}, io.LimitReader(o.body, end-c.at), buffer)
	c.at += n
	switch {
	case err != nil:
		return err
	case c.at > c.most:
		return fmt.Errorf("%w: it has more than %d bytes", errBad, c.most)
	case c.size >= 0 && c.at < c.size:
		return io.ErrUnexpectedEOF
	}
	return nil
}

// localWriter marks errors of this machine.
type localWriter struct{ w io.Writer }

// Write implements io.Writer.
func (l localWriter) Write(b []byte) (int, error) {
	n, err := l.w.Write(b)
	if err != nil {
		err = &localError{err}
	}
	return n, err
}
