package care

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/receipt"
	"assay/artifacts/store"
	"assay/artifacts/work"
)

// A Problem is something wrong in a store.
type Problem struct {
	Path     string // the file, relative to the store's folder
	What     string
	Repaired bool

	remedy func() error // nil if there is none
}

// Checked is what [Check] found.
type Checked struct {
	Blobs, Results int
	Bytes          int64
	Problems       []Problem // records first, in the order of names
	Dead           []string  // work folders of dead processes; the next run or gc removes them
}

// Check hashes every blob and reads every record, memo and pin. If repair is set, it
// removes what is damaged, so that the next run makes it again, and seals what is whole;
// this needs the store alone. Files that do not belong to the store stay. progress,
// which may be nil, is called with the number of blobs hashed so far.
//
// Check keeps one list of the keys and one of the blobs in memory, and reads the rest
// piece by piece.
func Check(ctx context.Context, s *store.Store, repair bool, progress func(done, total int)) (*Checked, error) {
	if repair {
		release, err := s.Exclusive()
		if err != nil {
			return nil, err
		}
		defer release()
	}
	c := &check{s: s, repair: repair, progress: progress, whole: map[artifacts.Digest]bool{}}
	// Keys before blobs: the blobs of a record exist before the record does.
	keys, err := c.listRecords(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.hashBlobs(ctx); err != nil {
		return nil, err
	}
	blobs := c.problems
	c.problems = nil
	for _, key := range keys {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.record(key)
	}
	if err := c.others(ctx); err != nil {
		return nil, err
	}
	c.small()
	if repair {
		if err := work.Sweep(filepath.Join(s.Dir(), "tmp")); err != nil {
			s.Warn(err.Error())
		}
	}
	out := &Checked{Blobs: len(c.whole), Results: len(keys), Bytes: c.bytes, Problems: append(c.problems, blobs...)}
	if repair && len(out.Problems) > 0 {
		if err := receipt.Forget(s); err != nil {
			return nil, err
		}
		out.repair()
	}
	out.Dead = work.Dead(filepath.Join(s.Dir(), "tmp"))
	return out, nil
}

// repair removes and seals, records before blobs as a collection does.
func (c *Checked) repair() {
	for i := range c.Problems {
		p := &c.Problems[i]
		if p.remedy == nil {
			continue
		}
		if err := p.remedy(); err != nil {
			p.What += fmt.Sprintf("; the repair failed: %v", err)
			continue
		}
		p.Repaired = true
	}
}

// Left returns how many problems were not repaired.
func (c *Checked) Left() int {
	n := 0
	for _, p := range c.Problems {
		if !p.Repaired {
			n++
		}
	}
	return n
}

// check is the state of Check.
type check struct {
	s        *store.Store
	repair   bool
	progress func(done, total int)

	mu       sync.Mutex
	problems []Problem
	whole    map[artifacts.Digest]bool // the blobs found, and whether their content matches their names
	bytes    int64
}

func (c *check) found(path, what string, remedy func() error) {
	if rel, err := filepath.Rel(c.s.Dir(), path); err == nil {
		path = filepath.ToSlash(rel)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.problems = append(c.problems, Problem{Path: path, What: what, remedy: remedy})
}

// others reports files that assay did not make. They belong to somebody, so no repair
// removes them.
func (c *check) others(ctx context.Context) error {
	strays, err := strays(ctx, c.s)
	for _, path := range strays {
		c.found(path, "does not belong to the store: move it away", nil)
	}
	return err
}

func (c *check) listRecords(ctx context.Context) ([]artifacts.Digest, error) {
	var keys []artifacts.Digest
	err := walk(ctx, c.s, "actions", func(d artifacts.Digest, _ fs.FileInfo) error {
		keys = append(keys, d)
		return nil
	}, nil)
	return keys, err
}

// hashBlobs hashes all blobs, some at a time.
func (c *check) hashBlobs(ctx context.Context) error {
	total := 0
	count := func(artifacts.Digest, fs.FileInfo) error { total++; return nil }
	if err := walk(ctx, c.s, "blobs", count, nil); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	err := walk(ctx, c.s, "blobs", func(d artifacts.Digest, st fs.FileInfo) error {
		group.Go(func() error { // waits while enough are under way
			whole := c.blob(d, st)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.whole[d] = whole
			c.bytes += st.Size()
			if c.progress != nil {
				c.progress(len(c.whole), total)
			}
			return ctx.Err()
		})
		return nil
	}, nil)
	if err2 := group.Wait(); err2 != nil {
		return err2
	}
	return err
}

// blob checks that the content of a blob matches its name.
func (c *check) blob(d artifacts.Digest, st fs.FileInfo) bool {
	path := c.s.Path(d)
	remove := func() error { return os.Remove(path) }
	if !st.Mode().IsRegular() { // removes a link itself, not its target
		c.found(path, "is not a plain file", remove)
		return false
	}
	if c.repair && st.Mode().Perm() != store.BlobMode {
		os.Chmod(path, store.BlobMode) // it may be unreadable
	}
	got, err := artifacts.HashFile(path)
	switch {
	case err != nil:
		c.found(path, fmt.Sprintf("cannot be read: %v", err), remove)
		return false
	case got != d:
		c.found(path, "is damaged: its content is "+got.Short(), remove)
		return false
	case st.Mode().Perm() != store.BlobMode:
		c.found(path, fmt.Sprintf("is whole, but its mode is %04o and not %04o", st.Mode().Perm(), store.BlobMode),
			c.seal(path))
	case !st.ModTime().Equal(store.Sealed) && c.repair:
		// Its content is right: it is new, was copied, or was changed and restored.
		// With a seal it is not hashed again.
		if c.seal(path)() != nil {
			c.s.Warn("blob " + d.Short() + " is whole but cannot be sealed")
		}
	}
	return true
}

func (c *check) seal(path string) func() error {
	return func() error {
		if err := os.Chmod(path, store.BlobMode); err != nil {
			return err
		}
		if err := disk.FlushFile(path); err != nil {
			return err
		}
		return os.Chtimes(path, store.Sealed, store.Sealed)
	}
}
