package care

import (
	"bytes"
	"context"
	"slices"

	"assay/artifacts"
	"assay/artifacts/store"
)

// Reached is what roots name of a store: results whole, and artifacts by their digests alone, as
// of steps whose results are kept shard by shard. Both are sorted.
type Reached struct {
	Results []artifacts.Digest // keys
	Trees   []artifacts.Digest
	Missing []string // artifacts that the store lacks, by their names in the lock
}

// Reach returns what roots name, such as to copy it to another store.
func Reach(ctx context.Context, s *store.Store, roots []Root) (*Reached, error) {
	c, err := takeCensus(ctx, s)
	if err != nil {
		return nil, err
	}
	out := &Reached{}
	for h := range c.reach(roots).results {
		out.Results = append(out.Results, h.key)
	}
	for _, root := range roots {
		for _, a := range root.Artifacts {
			if _, ok := c.number[a.Digest]; ok {
				out.Trees = append(out.Trees, a.Digest)
			} else {
				out.Missing = append(out.Missing, a.Name)
			}
		}
	}
	out.sort()
	return out, nil
}

// All returns every result of a store.
func All(ctx context.Context, s *store.Store) (*Reached, error) {
	c, err := takeCensus(ctx, s)
	if err != nil {
		return nil, err
	}
	out := &Reached{}
	for _, h := range c.results {
		out.Results = append(out.Results, h.key)
	}
	out.sort()
	return out, nil
}

func (r *Reached) sort() {
	for _, list := range []*[]artifacts.Digest{&r.Results, &r.Trees} {
		slices.SortFunc(*list, func(a, b artifacts.Digest) int { return bytes.Compare(a[:], b[:]) })
		*list = slices.Compact(*list)
	}
}
