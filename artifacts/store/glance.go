package store

import (
	"encoding/hex"
	"path/filepath"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// A Glance is [Store.Whole] for thousands of blobs: it keeps their folders open, and looks at each blob once. One
// goroutine may use it. Call Close at the end.
type Glance struct {
	s    *Store
	dirs [256]*disk.Dir
	seen map[artifacts.Digest]bool
}

// Glance returns a glance at some count of blobs.
func (s *Store) Glance(count int) *Glance {
	return &Glance{s: s, seen: make(map[artifacts.Digest]bool, count)}
}

// Whole reports whether the blob d is there and undamaged.
func (g *Glance) Whole(d artifacts.Digest) bool {
	whole, ok := g.seen[d]
	if !ok {
		whole = g.sealed(d) || g.s.Whole(d, false)
		g.seen[d] = whole
	}
	return whole
}

// sealed reports whether a blob is there and sealed.
func (g *Glance) sealed(d artifacts.Digest) bool {
	dir := g.dirs[d[0]]
	if dir == nil {
		dir = disk.OpenDir(filepath.Join(g.s.dir, "blobs", hex.EncodeToString(d[:1])))
		g.dirs[d[0]] = dir
	}
	st, plain, err := dir.Own(d.String())
	return err == nil && plain && st.Mtime == Sealed.UnixNano()
}

// Close closes the folders.
func (g *Glance) Close() {
	for _, dir := range g.dirs {
		if dir != nil {
			dir.Close()
		}
	}
}
