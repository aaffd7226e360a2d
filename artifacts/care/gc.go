package care

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"assay/artifacts"
	"assay/artifacts/recipes"
	"assay/artifacts/store"
)

// GC is what a collection keeps.
type GC struct {
	Roots   []Root
	Keep    time.Duration // results used within this are kept, if the size allows
	MaxSize int64         // bytes the store may hold; 0 is no limit
	Now     time.Time
}

// A Lost result is one that a collection removes.
type Lost struct {
	Key  artifacts.Digest
	Kind string
	Used time.Time     // when it was last a hit, to the day
	Took time.Duration // time to make it again
	Size int64         // bytes that no kept result needs; bytes shared by several lost results count for the first
	Why  string
}

// Collection is what a collection would do.
type Collection struct {
	Lost          []Lost
	Orphans       int      // blobs that no result reaches
	OrphanBytes   int64    //
	Memos         int      // memos of sources or recipes that were not used lately
	Progress      int      // folders of progress that is not needed or was not continued lately
	ProgressBytes int64    //
	Temporary     int64    // bytes that dead processes left
	Freed, Left   int64    // bytes in all
	Over          int64    // by how much Left exceeds MaxSize; then only roots are left
	Strays        []string // paths that do not belong to the store, and stay

	gc       GC
	records  []artifacts.Digest
	blobs    []artifacts.Digest
	files    []oddFile // memos and the like
	progress []artifacts.Digest
}

// Empty reports whether there is nothing to remove.
func (c *Collection) Empty() bool {
	return len(c.records)+len(c.blobs)+len(c.files)+len(c.progress) == 0 && c.Temporary == 0
}

// Why a result is lost.
const (
	whyOld     = "not used lately"
	whyDamaged = "damaged record"
	whySize    = "for the size"
)

// PlanGC says what a collection would remove. It changes nothing.
func PlanGC(ctx context.Context, s *store.Store, gc GC) (*Collection, error) {
	return planGC(ctx, s, gc, nil)
}

// planGC is PlanGC limited to the results in only, unless that is nil.
func planGC(ctx context.Context, s *store.Store, gc GC, only map[artifacts.Digest]bool) (*Collection, error) {
	c, err := takeCensus(ctx, s)
	if err != nil {
		return nil, err
	}
	fixed := c.reach(gc.Roots)
	col := &Collection{gc: gc}
	lost := map[*held]string{}
	var recent []*held
	for _, h := range c.results {
		switch {
		case fixed.results[h]:
		case only != nil && !only[h.key]:
			fixed.keep(h)
		case h.used.Before(gc.Now.Add(-gc.Keep)):
			lost[h] = whyOld
		default:
			recent = append(recent, h)
		}
	}
	if err := errors.Join(planFiles(s, c, col), planProgress(c, col)); err != nil {
		return nil, err
	}
	if gc.MaxSize > 0 {
		for _, h := range c.evict(fixed, recent, gc.MaxSize-col.Left) {
			lost[h] = whySize
		}
	}
	for _, h := range recent {
		if lost[h] == "" {
			fixed.keep(h)
		}
	}
	c.tally(col, fixed, lost)
	col.Strays, err = strays(ctx, s)
	return col, err
}

// planFiles finds the memos of sources, receipts and notes of recipes that were not used
// lately, and what is left in tmp. The notes of a recipe that still exists are kept.
func planFiles(s *store.Store, c *census, col *Collection) error {
	known, err := recipes.Known(s)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, k := range known {
		_, err := os.Stat(k.Path)
		there[k.NotesPath] = err == nil
	}
	old := col.gc.Now.Add(-col.gc.Keep)
	for _, f := range c.odd {
		if f.used.Before(old) && !there[f.path] {
			col.files = append(col.files, f)
			col.Freed += f.size
		} else {
			col.Left += f.size
		}
	}
	col.Memos = len(col.files)
	col.Temporary, err = leftBytes(s)
	col.Freed += col.Temporary
	return err
}

// tally lists what is removed and adds up the bytes.
func (c *census) tally(col *Collection, k *kept, lost map[*held]string) {
	taken := slices.Clone(k.blobs)
	for _, h := range c.results {
		why := lost[h]
		if why == "" {
			col.Left += h.size
			continue
		}
		l := Lost{Key: h.key, Kind: h.kind, Used: h.used, Took: h.took, Size: h.size, Why: why}
		for _, id := range h.blobs {
			if !taken[id] {
				taken[id] = true
				l.Size += c.blobs[id].size
			}
		}
		col.Lost = append(col.Lost, l)
		col.Freed += l.Size
	}
	for _, d := range c.damaged {
		col.Lost = append(col.Lost, Lost{Key: d.key, Kind: "?", Size: d.size, Why: whyDamaged})
		col.Freed += d.size
	}
	slices.SortFunc(col.Lost, func(a, b Lost) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.Used.Compare(b.Used), cmp.Compare(a.Key.String(), b.Key.String()))
	})
	for _, l := range col.Lost {
		col.records = append(col.records, l.Key)
	}
	c.tallyBlobs(col, k, taken)
	if col.gc.MaxSize > 0 {
		col.Over = max(0, col.Left-col.gc.MaxSize)
	}
}

// tallyBlobs lists the blobs that are removed. Those that no lost result had are
// orphans: an interrupted run left them, or they are lists of files that only a removed
// result named.
func (c *census) tallyBlobs(col *Collection, k *kept, taken []bool) {
	for id, b := range c.blobs {
		if k.blobs[id] {
			col.Left += b.size
			continue
		}
		col.blobs = append(col.blobs, b.digest)
		if !taken[id] {
			col.Orphans++
			col.OrphanBytes += b.size
			col.Freed += b.size
		}
	}
}
