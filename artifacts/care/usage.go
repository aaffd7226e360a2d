package care

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
)

// Usage is how much a store holds. Every byte counts once in Total, even if several
// results share it.
type Usage struct {
	Groups  []Group
	Grouped int64 // bytes of results that are in a group, each counted once
	Results int64 // bytes of all results
	Orphans int64 // bytes of blobs that no result reaches; gc removes them
	Memos   int64 // what is remembered of sources and recipes
	Other   int64 // journals of runs, pins
	Resume  int64 // progress of steps that are not finished
	Tmp     int64 // current work, and what dead processes left
	Total   int64
}

// A Group is some of the results: those of a kind, or of a step.
type Group struct {
	Name    string
	Results int
	Bytes   int64         // of records and blobs, each counted once in the group
	Shared  int64         // part of Bytes that results of other groups, or of none, need too
	Took    time.Duration // time to make the group again
}

// UsageByKind returns what the store holds, one group per kind, the largest first.
func UsageByKind(ctx context.Context, s *store.Store) (*Usage, error) {
	return usage(ctx, s, func(h *held) []string { return []string{h.kind} })
}

// UsageOf returns what the store holds, one group per name. groups maps the keys of
// actions to the names of their groups.
func UsageOf(ctx context.Context, s *store.Store, groups map[artifacts.Digest][]string) (*Usage, error) {
	return usage(ctx, s, func(h *held) []string { return groups[h.key] })
}

// usage adds up what the store holds. namesOf returns the groups of a result. A blob
// that several groups share counts once in the totals.
func usage(ctx context.Context, s *store.Store, namesOf func(*held) []string) (*Usage, error) {
	c, err := takeCensus(ctx, s)
	if err != nil {
		return nil, err
	}
	t := &usageTally{c: c, groups: map[string]*Group{}, holders: make([][]*Group, len(c.blobs))}
	for _, h := range c.results {
		t.add(h, namesOf(h))
	}
	u := &Usage{Groups: t.finish()}
	for id, b := range c.blobs {
		switch holders := t.holders[id]; {
		case len(holders) == 0:
			u.Orphans += b.size
		case len(holders) > 1 || holders[0] != nil:
			u.Grouped += b.size
			u.Results += b.size
		default:
			u.Results += b.size
		}
	}
	for _, h := range c.results {
		u.Results += h.size
		if len(namesOf(h)) > 0 {
			u.Grouped += h.size
		}
	}
	for _, f := range c.odd {
		u.Memos += f.size
	}
	for _, f := range c.strays {
		u.Other += f.size
	}
	if err := addOther(s, u); err != nil {
		return nil, err
	}
	u.Total = u.Results + u.Orphans + u.Memos + u.Other + u.Resume + u.Tmp
	return u, nil
}

// addOther adds the size of the other files in the store.
func addOther(s *store.Store, u *Usage) error {
	list, err := os.ReadDir(s.Dir())
	for _, e := range list {
		var sum *int64
		switch e.Name() {
		case "blobs", "actions", "sources", "recipes":
			continue
		case store.ResumeDir:
			sum = &u.Resume
		case "tmp":
			sum = &u.Tmp
		default:
			sum = &u.Other
		}
		n, _, err := measure(filepath.Join(s.Dir(), e.Name()))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		*sum += n
	}
	return err
}

// usageTally adds up groups.
type usageTally struct {
	c       *census
	groups  map[string]*Group
	holders [][]*Group // of each blob; nil stands for results of no group
}

// add adds a result to its groups, and records who holds its blobs. The group nil stands
// for results without a group.
func (t *usageTally) add(h *held, names []string) {
	var in []*Group
	for _, name := range names {
		g := t.groups[name]
		if g == nil {
			g = &Group{Name: name}
			t.groups[name] = g
		}
		g.Results++
		g.Bytes += h.size
		g.Took += h.took
		in = append(in, g)
	}
	if len(in) == 0 {
		in = []*Group{nil}
	}
	for _, id := range h.blobs {
		for _, g := range in {
			if !slices.Contains(t.holders[id], g) {
				t.holders[id] = append(t.holders[id], g)
			}
		}
	}
}

// finish adds the bytes of the blobs to their groups, the largest group first.
func (t *usageTally) finish() []Group {
	for id, groups := range t.holders {
		for _, g := range groups {
			if g == nil {
				continue
			}
			g.Bytes += t.c.blobs[id].size
			if len(groups) > 1 {
				g.Shared += t.c.blobs[id].size
			}
		}
	}
	var out []Group
	for _, g := range t.groups {
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Name, b.Name))
	})
	return out
}
