package remote

import (
	"context"
	"errors"
	"fmt"
	"os"

	"assay/artifacts"
)

// sendBlob sends a blob of the store, unless the remote has it. What the store has is hashed first, so that
// nothing damaged is sent.
func (r *Remote) sendBlob(ctx context.Context, d artifacts.Digest) error {
	_, err, _ := r.flights.Do("send"+string(d[:]), func() (any, error) {
		if has(&r.present, d) && !has(&r.damaged, d) {
			return nil, nil
		}
		err := r.offerBlob(ctx, d)
		if err == nil {
			r.present.Store(d, true)
			r.damaged.Delete(d)
		}
		return nil, err
	})
	return err
}

// offerBlob asks for a blob, and sends it if it is not there or was seen to be damaged.
func (r *Remote) offerBlob(ctx context.Context, d artifacts.Digest) error {
	st, err := os.Stat(r.store.Path(d))
	if err != nil {
		return &localError{fmt.Errorf("blob %s: %w", d.Short(), err)}
	}
	if !has(&r.damaged, d) {
		there, err := r.hasObject(ctx, r.blobKey(d), st.Size())
		if there || err != nil {
			return err
		}
	}
	return r.putBlob(ctx, d)
}

// hasObject asks whether an object is there. One of another size counts as damaged; a size
// below 0 fits any.
func (r *Remote) hasObject(ctx context.Context, key string, size int64) (bool, error) {
	done, err := r.slot(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	ctx, cancel := context.WithTimeoutCause(ctx, r.opts.Small, errStalled)
	defer cancel()
	got, err := r.bucket.stat(ctx, key)
	switch {
	case errors.Is(err, ErrAbsent):
		return false, nil
	case err != nil:
		return false, err
	}
	return size < 0 || got == size, nil
}

// putBlob sends a blob.
func (r *Remote) putBlob(ctx context.Context, d artifacts.Digest) error {
	done, err := r.slot(ctx)
	if err != nil {
		return err
	}
	defer done()
	if !r.store.Whole(d, true) {
		return &localError{fmt.Errorf("blob %s of the store is gone or damaged; make it again with: assay run", d.Short())}
	}
	f, err := os.Open(r.store.Path(d))
	if err != nil {
		return &localError{err}
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return &localError{err}
	}
	if err := r.bucket.put(ctx, r.blobKey(d), d, f, st.Size()); err != nil {
		return fmt.Errorf("send blob %s: %w", d.Short(), err)
	}
	r.counts.sent.Add(1)
	r.counts.out.Add(st.Size())
	return nil
}

// sendRecord sends a record, whose blobs are there. If there is one already it stays, since
// somebody may have read it; one that was seen to be damaged is replaced.
func (r *Remote) sendRecord(ctx context.Context, key artifacts.Digest, rec *artifacts.Record) error {
	if !has(&r.damaged, key) {
		there, err := r.hasObject(ctx, r.recordKey(key), -1)
		if there || err != nil {
			return err
		}
	}
	return r.putRecord(ctx, key, rec)
}

// putRecord sends a record.
func (r *Remote) putRecord(ctx context.Context, key artifacts.Digest, rec *artifacts.Record) error {
	done, err := r.slot(ctx)
	if err != nil {
		return err
	}
	defer done()
	text := rec.Format()
	if err := r.bucket.putText(ctx, r.recordKey(key), text); err != nil {
		return fmt.Errorf("send the record of action %s: %w", key.Short(), err)
	}
	r.damaged.Delete(key)
	r.counts.sent.Add(1)
	r.counts.out.Add(int64(len(text)))
	return nil
}

// blobsOf lists the blobs of a record: the texts of its trees, and their files.
func (r *Remote) blobsOf(rec *artifacts.Record) ([]artifacts.Digest, error) {
	var out []artifacts.Digest
	for _, o := range rec.Outputs {
		t, err := r.store.ReadTree(o.Tree)
		if err != nil {
			return nil, &localError{err}
		}
		for _, f := range t {
			out = append(out, f.Digest)
		}
		out = append(out, o.Tree)
	}
	return out, nil
}
