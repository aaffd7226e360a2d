package remote

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"assay/artifacts"
)

// Goods are what is copied at once: results, by key, and artifacts of which only the files
// are wanted, by the digest of the tree.
type Goods struct{ Results, Trees []artifacts.Digest }

// Progress is told how many of the objects are done.
type Progress func(done, total int)

// Push sends goods of the store that the remote lacks: first blobs, then records, so that a record never
// names what is not there. What was sent before a kill is not sent again. With force everything is sent,
// whatever the remote says that it has.
func (r *Remote) Push(ctx context.Context, g Goods, force bool, tell Progress) error {
	if r.bucket == nil {
		return fmt.Errorf("%w: %s is plain files; give the address of the bucket, as s3+https://HOST/BUCKET/PREFIX", ErrReadOnly,
			r.addr.Text)
	}
	if err := r.claim(ctx); err != nil {
		return err
	}
	recs, list, err := r.needed(g)
	if err != nil {
		return err
	}
	keys := sorted(g.Results)
	if !force {
		if list, err = r.absent(ctx, r.ofBlobs(), list); err != nil {
			return err
		}
		if keys, err = r.absent(ctx, ofRecords(), keys); err != nil {
			return err
		}
	}
	var done atomic.Int64
	total := len(list) + len(keys)
	err = r.each(ctx, list, func(ctx context.Context, d artifacts.Digest) error {
		defer func() { tell(int(done.Add(1)), total) }()
		return r.putBlob(ctx, d)
	})
	if err != nil {
		return err
	}
	return r.each(ctx, keys, func(ctx context.Context, key artifacts.Digest) error {
		defer func() { tell(int(done.Add(1)), total) }()
		return r.putRecord(ctx, key, recs[key])
	})
}

// each calls do with every digest, some at once, until one fails.
func (r *Remote) each(ctx context.Context, list []artifacts.Digest,
	do func(context.Context, artifacts.Digest) error) error {
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(connections)
	for _, d := range list {
		if gctx.Err() != nil {
			break
		}
		group.Go(func() error { return do(gctx, d) })
	}
	return group.Wait()
}

// needed reads the records of goods, and lists their blobs, sorted, each once.
func (r *Remote) needed(g Goods) (map[artifacts.Digest]*artifacts.Record, []artifacts.Digest, error) {
	recs := map[artifacts.Digest]*artifacts.Record{}
	var list []artifacts.Digest
	for _, key := range g.Results {
		rec, err := r.store.Record(key)
		if err != nil {
			return nil, nil, fmt.Errorf("the record of action %s: %w", key.Short(), err)
		}
		blobs, err := r.blobsOf(rec)
		if err != nil {
			return nil, nil, fmt.Errorf("a result of %s is not whole (%w); make it again with: assay run", rec.Action().Kind, err)
		}
		recs[key] = rec
		list = append(list, blobs...)
	}
	for _, d := range g.Trees {
		t, err := r.store.ReadTree(d)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, d)
		for _, f := range t {
			list = append(list, f.Digest)
		}
	}
	return recs, sorted(list), nil
}

// sorted returns a list sorted, each digest once.
func sorted(list []artifacts.Digest) []artifacts.Digest {
	list = slices.SortedFunc(slices.Values(list), compare)
	return slices.Compact(list)
}
