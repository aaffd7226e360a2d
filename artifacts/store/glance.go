package store

import (
	"bytes"
	"encoding/hex"
	"path/filepath"
	"slices"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// A Glance is [Store.Whole] for thousands of blobs. One goroutine may use it.
type Glance struct {
	s    *Store
	seen map[artifacts.Digest]bool
}

// Glance looks at blobs, folder by folder, and may change the order of the list. One folder is open at a time: the
// kernel makes a process with threads wait for milliseconds whenever its table of files grows, at 64 and twice that.
func (s *Store) Glance(list []artifacts.Digest) *Glance {
	slices.SortFunc(list, func(a, b artifacts.Digest) int { return bytes.Compare(a[:], b[:]) })
	g := &Glance{s: s, seen: make(map[artifacts.Digest]bool, len(list))}
	for len(list) > 0 {
		n := slices.IndexFunc(list, func(d artifacts.Digest) bool { return d[0] != list[0][0] })
		if n < 0 {
			n = len(list)
		}
		g.folder(list[:n])
		list = list[n:]
	}
	return g
}

// folder notes which of some blobs of one folder are sealed.
func (g *Glance) folder(list []artifacts.Digest) {
	dir := disk.OpenDir(filepath.Join(g.s.dir, "blobs", hex.EncodeToString(list[0][:1])))
	defer dir.Close()
	for _, d := range list {
		st, plain, err := dir.Own(d.String())
		if err == nil && plain && st.Mtime == Sealed.UnixNano() {
			g.seen[d] = true
		}
	}
}

// Whole reports whether the blob d is there and undamaged. One that is not sealed is looked at now, and once.
func (g *Glance) Whole(d artifacts.Digest) bool {
	whole, ok := g.seen[d]
	if !ok {
		whole = g.s.Whole(d, false)
		g.seen[d] = whole
	}
	return whole
}
