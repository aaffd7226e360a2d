package remote

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sync/errgroup"

	"assay/artifacts"
)

const (
	// fewer is how many objects of a folder are asked for one by one. For more, the folder is listed.
	fewer = 8
	// firstLook is how many objects of a remote are listed before it counts as too large to list whole.
	firstLook = 4000
)

// shelving is where objects of a kind lie, and how large one should be; below 0 for any size.
type shelving struct {
	folder string
	size   func(artifacts.Digest) int64
}

// ofBlobs and ofRecords are the two kinds.
func (r *Remote) ofBlobs() shelving { return shelving{blobs, r.sizeOf} }
func ofRecords() shelving           { return shelving{records, func(artifacts.Digest) int64 { return -1 }} }

// absent returns those of a sorted list that the remote lacks. A small remote is listed whole. Of a large one the
// folders are listed, which hold what has the first byte of the digest in common; or objects are asked for
// one by one, if they are few. So the number of requests is bounded by what is there and by what is sent, whichever
// is less.
func (r *Remote) absent(ctx context.Context, in shelving, list []artifacts.Digest) ([]artifacts.Digest, error) {
	if len(list) >= fewer {
		lacks, all, err := r.askList(ctx, in, "", list, max(firstLook, 2*len(list)))
		if all || err != nil {
			return lacks, err
		}
	}
	groups := byFolder(list)
	lacks := make([][]artifacts.Digest, len(groups))
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(connections)
	for i, g := range groups {
		group.Go(func() (err error) {
			if len(g) < fewer {
				lacks[i], err = r.askEach(gctx, in, g)
			} else {
				lacks[i], _, err = r.askList(gctx, in, g[0].String()[:2]+"/", g, maxListed)
			}
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(lacks...), err
}

// byFolder cuts a sorted list where the first byte changes.
func byFolder(list []artifacts.Digest) (groups [][]artifacts.Digest) {
	for len(list) > 0 {
		n := slices.IndexFunc(list, func(d artifacts.Digest) bool { return d[0] != list[0][0] })
		if n < 0 {
			n = len(list)
		}
		groups, list = append(groups, list[:n]), list[n:]
	}
	return groups
}

// askEach asks for objects one by one.
func (r *Remote) askEach(ctx context.Context, in shelving, list []artifacts.Digest) ([]artifacts.Digest, error) {
	var lacks []artifacts.Digest
	for _, d := range list {
		there, err := r.hasObject(ctx, r.addr.key(nameIn(in.folder, d)), in.size(d))
		if err != nil {
			return nil, err
		}
		if !there {
			lacks = append(lacks, d)
		}
	}
	return lacks, nil
}

// askList finds objects in a list of those that begin with prefix. It gives up after most of them; then all is false.
func (r *Remote) askList(ctx context.Context, in shelving, prefix string, list []artifacts.Digest, most int) (
	lacks []artifacts.Digest, all bool, err error) {
	there := make([]bool, len(list))
	n := 0
	for o, err := range r.bucket.list(ctx, r.addr.key(in.folder+prefix)) {
		if err != nil {
			return nil, false, fmt.Errorf("list the remote: %w", err)
		}
		if n++; n > most {
			return nil, false, nil
		}
		d, ok := digestOf(o.key)
		if !ok {
			continue
		}
		i, wanted := slices.BinarySearchFunc(list, d, compare)
		if wanted {
			size := in.size(d)
			there[i] = size < 0 || size == o.size
		}
	}
	for i, d := range list {
		if !there[i] {
			lacks = append(lacks, d)
		}
	}
	return lacks, true, nil
}

func compare(a, b artifacts.Digest) int { return bytes.Compare(a[:], b[:]) }

// sizeOf returns the size of a blob of the store, -1 if it is gone: sending it will say so.
func (r *Remote) sizeOf(d artifacts.Digest) int64 {
	st, err := os.Stat(r.store.Path(d))
	if err != nil {
		return -1
	}
	return st.Size()
}
