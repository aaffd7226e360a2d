package remote

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"assay/artifacts"
)

// Pull brings what the remote has of goods to the store. It returns what the remote lacks.
func (r *Remote) Pull(ctx context.Context, g Goods, tell Progress) (lacking Goods, err error) {
	if err := r.Exists(ctx); err != nil {
		return g, err
	}
	p := &pulling{r: r, tell: tell, total: len(g.Results) + len(g.Trees)}
	err = r.each(ctx, g.Results, func(ctx context.Context, key artifacts.Digest) error {
		return p.got(&p.lacks.Results, key, p.result(ctx, key))
	})
	if err == nil {
		err = r.each(ctx, g.Trees, func(ctx context.Context, d artifacts.Digest) error {
			return p.got(&p.lacks.Trees, d, p.tree(ctx, d))
		})
	}
	return p.lacks, errors.Join(err, r.Settle())
}

// pulling is a Pull under way.
type pulling struct {
	r     *Remote
	tell  Progress
	total int

	mu    sync.Mutex
	done  int
	lacks Goods
}

func (p *pulling) result(ctx context.Context, key artifacts.Digest) error {
	if _, err := p.r.store.Lookup(key, false); err == nil {
		return nil
	}
	res, err := p.r.Find(ctx, key)
	if err != nil {
		return err
	}
	var trees []artifacts.Tree
	for _, o := range res.Outputs {
		trees = append(trees, o.Tree)
	}
	return p.r.Bring(ctx, trees...)
}

func (p *pulling) tree(ctx context.Context, d artifacts.Digest) error {
	t, err := p.r.tree(ctx, d)
	if err != nil {
		return err
	}
	return p.r.Bring(ctx, t)
}

// got counts, and enters what the remote lacks.
func (p *pulling) got(lacks *[]artifacts.Digest, d artifacts.Digest, err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if errors.Is(err, ErrAbsent) {
		*lacks, err = append(*lacks, d), nil
	}
	p.done++
	p.tell(p.done, p.total)
	return err
}

// Exists returns an error if there is no store at the address.
func (r *Remote) Exists(ctx context.Context) error {
	if err := r.ready(ctx); err != nil {
		return err
	}
	if r.empty {
		return fmt.Errorf("there is no store at %s (it has no %s); fill it with: assay push", r.addr.Text, formatName)
	}
	return nil
}

// Keys lists the results that the remote has.
func (r *Remote) Keys(ctx context.Context) ([]artifacts.Digest, error) {
	if r.bucket == nil {
		return nil, fmt.Errorf("%w, and plain files have no list: name recipes or locks to pull", ErrReadOnly)
	}
	if err := r.Exists(ctx); err != nil {
		return nil, err
	}
	var out []artifacts.Digest
	for o, err := range r.bucket.list(ctx, r.addr.key(records)) {
		if err != nil {
			return nil, fmt.Errorf("list the remote: %w", err)
		}
		if d, ok := digestOf(o.key); ok {
			out = append(out, d)
		}
	}
	return out, nil
}
