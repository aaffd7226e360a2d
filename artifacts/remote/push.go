package remote

import (
	"bytes"
	"context"
	"fmt"
	"os"
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
	if !force {
		if list, err = r.absent(ctx, list); err != nil {
			return err
		}
	}
	var done atomic.Int64
	total := len(list) + len(g.Results)
	step := func() { tell(int(done.Add(1)), total) }
	done.Add(-1)
	step()
	err = r.each(ctx, list, func(ctx context.Context, d artifacts.Digest) error {
		defer step()
		return r.putBlob(ctx, d)
	})
	if err != nil {
		return err
	}
	return r.each(ctx, g.Results, func(ctx context.Context, key artifacts.Digest) error {
		defer step()
		if force {
			r.damaged.Store(key, true)
		}
		return r.sendRecord(ctx, key, recs[key])
	})
}

// each calls do with every digest, some at once, until one fails.
func (r *Remote) each(ctx context.Context, list []artifacts.Digest, do func(context.Context, artifacts.Digest) error) error {
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
	slices.SortFunc(list, func(a, b artifacts.Digest) int { return bytes.Compare(a[:], b[:]) })
	return recs, slices.Compact(list), nil
}

// fewer is how many objects of a folder are asked for one by one. For more, the folder is listed.
const fewer = 8

// absent returns those of a sorted list of blobs that the remote lacks. The blobs of a folder, which have
// the first byte of their digests in common, are found by a list or, if they are few, one by one. So the number of
// requests is bounded by what is there and by what is sent, whichever is less.
func (r *Remote) absent(ctx context.Context, list []artifacts.Digest) ([]artifacts.Digest, error) {
	var groups [][]artifacts.Digest
	for len(list) > 0 {
		n := slices.IndexFunc(list, func(d artifacts.Digest) bool { return d[0] != list[0][0] })
		if n < 0 {
			n = len(list)
		}
		groups, list = append(groups, list[:n]), list[n:]
	}
	lacks := make([][]artifacts.Digest, len(groups))
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(connections)
	for i, g := range groups {
		group.Go(func() (err error) {
			if len(g) < fewer {
				lacks[i], err = r.askEach(gctx, g)
			} else {
				lacks[i], err = r.askList(gctx, g)
			}
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(lacks...), err
}

func (r *Remote) askEach(ctx context.Context, list []artifacts.Digest) (lacks []artifacts.Digest, err error) {
	for _, d := range list {
		there, err := r.hasObject(ctx, r.blobKey(d), r.sizeOf(d))
		if err != nil {
			return nil, err
		}
		if !there {
			lacks = append(lacks, d)
		}
	}
	return lacks, nil
}

// askList lists the folder that a group of blobs is in.
func (r *Remote) askList(ctx context.Context, list []artifacts.Digest) (lacks []artifacts.Digest, err error) {
	there := map[artifacts.Digest]bool{}
	for o, err := range r.bucket.list(ctx, r.addr.key(nameIn(blobs, list[0])[:len(blobs)+3])) {
		if err != nil {
			return nil, fmt.Errorf("list the remote: %w", err)
		}
		d, ok := digestOf(o.key)
		if !ok {
			continue
		}
		if _, wanted := slices.BinarySearchFunc(list, d, func(a, b artifacts.Digest) int { return bytes.Compare(a[:], b[:]) }); wanted &&
			o.size == r.sizeOf(d) {
			there[d] = true
		}
	}
	for _, d := range list {
		if !there[d] {
			lacks = append(lacks, d)
		}
	}
	return lacks, nil
}

// sizeOf returns the size of a blob of the store, -2 if it is gone: sending it will say so.
func (r *Remote) sizeOf(d artifacts.Digest) int64 {
	st, err := os.Stat(r.store.Path(d))
	if err != nil {
		return -2
	}
	return st.Size()
}
