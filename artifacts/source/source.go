// Package source reads data that lies outside the store and stays there.
//
// [Scan] hashes the files of a folder, or recalls their digests if they have not
// changed. [Source.FS] reads them, and [Source.Unchanged] says whether they are still as
// they were hashed.
package source

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// A Source is a file or folder outside the store, hashed where it lies.
type Source struct {
	Root   string // absolute, as it was written
	Tree   artifacts.Tree
	stamps []disk.Stamp // what the tree's files looked like when they were hashed
	file   bool         // Root is itself the one file
	part   bool         // Tree is only a part of what is below Root, see Part

	folders []folder // in the order of the walk; none if Root is a file
	links   []string // files and folders that links lead to

	once   sync.Once
	digest artifacts.Digest
}

// racy is how long before its hashing a file must have been changed for its stamp to be
// trusted. A file that was written within one tick of the file system's clock can be
// written again without a change of its times (git's racy-timestamp rule).
const racy = 2 * time.Second

// A Memory keeps texts about sources between scans. Losing one only costs time.
type Memory interface {
	// Recall returns the text kept for the source at root; nil if there is none.
	Recall(root string) []byte
	// Remember keeps a text for the source at root. It reports failures itself.
	Remember(root string, text []byte)
}

// Scan returns the source at root. It does not read files whose stamps are the same as
// in an earlier scan. A link in a source, and the root itself, is followed.
func Scan(ctx context.Context, root string, m Memory) (*Source, error) {
	began := time.Now()
	src, err := walkSource(ctx, root)
	if err != nil {
		return nil, err
	}
	if src.file && src.stamps[0].Size <= smallFile {
		return src, src.hash(ctx, []int{0})
	}
	memo := readMemo(m.Recall(root))
	stale := memo.recall(src)
	if err := src.hash(ctx, stale); err != nil {
		return nil, err
	}
	if len(stale) > 0 || len(memo.files) != len(src.Tree) {
		m.Remember(root, memoText(src, began))
	}
	return src, nil
}

// Known returns a source that is a single file, whose digest is known from an earlier scan.
func Known(root string, d artifacts.Digest, stamp disk.Stamp) *Source {
	return &Source{Root: root, file: true, stamps: []disk.Stamp{stamp},
		Tree: artifacts.Tree{{Name: filepath.Base(root), Digest: d}}}
}

// File returns the digest and the stamp of a source that is a single file.
func (src *Source) File() (d artifacts.Digest, stamp disk.Stamp, ok bool) {
	if !src.file {
		return d, stamp, false
	}
	return src.Tree[0].Digest, src.stamps[0], true
}

// IsRacy reports whether a file may have been written in the same instant as it was hashed, at a time in Unix ns.
func IsRacy(s disk.Stamp, hashed int64) bool { return max(s.Mtime, s.Ctime) >= hashed-int64(racy) }

// List returns the names of the files of the source at root, as Scan does, but reads none: the digests are
// empty.
func List(ctx context.Context, root string) (*Source, error) { return walkSource(ctx, root) }

// Read returns the content of a file of the source. A file larger than limit bytes is an error.
func (src *Source) Read(name string, limit int64) ([]byte, error) {
	f, err := os.Open(src.path(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%s has more than %d bytes", src.path(name), limit)
	}
	return b, err
}

// smallFile is the size up to which a source of one file is always read: that is cheaper
// than using a memo.
const smallFile = 64 << 10

// hash reads the files at the given indexes of the tree.
func (src *Source) hash(ctx context.Context, stale []int) error {
	one := func(ctx context.Context, i int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := artifacts.HashFile(src.path(src.Tree[i].Name))
		src.Tree[i].Digest = d
		return err
	}
	l := looker{src: src}
	defer l.close()
	if len(stale) == 1 { // not worth another thread
		if err := one(ctx, stale[0]); err != nil {
			return err
		}
		return l.unchanged(stale[0])
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, i := range stale {
		g.Go(func() error { return one(ctx, i) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, i := range stale {
		if err := l.unchanged(i); err != nil {
			return err
		}
	}
	return nil
}

// Digest returns the digest of the tree.
func (src *Source) Digest() artifacts.Digest {
	src.once.Do(func() { src.digest = src.Tree.Digest() })
	return src.digest
}

// path returns where a file of the source lies.
func (src *Source) path(name string) string {
	if src.file {
		return src.Root
	}
	return filepath.Join(src.Root, filepath.FromSlash(name))
}

// Find looks up a name of the source's folder in part, a sub-tree of the source: it
// returns the digest of a file, or the files of a folder, by their names in it.
func (src *Source) Find(name string, part artifacts.Tree) (file artifacts.Digest, folder artifacts.Tree, ok bool) {
	if src.file {
		name = filepath.Base(src.Root)
	}
	if d, ok := part.Lookup(name); ok {
		return d, nil, true
	}
	for _, f := range part {
		if rest, ok := strings.CutPrefix("/"+f.Name, strings.TrimSuffix("/"+name, "/")+"/"); ok {
			folder = append(folder, artifacts.File{Name: rest, Digest: f.Digest})
		}
	}
	return artifacts.Digest{}, folder, len(folder) > 0
}

// Len, Less and Swap sort the files of a walk by name, as trees are.
func (src *Source) Len() int           { return len(src.Tree) }
func (src *Source) Less(i, j int) bool { return src.Tree[i].Name < src.Tree[j].Name }
func (src *Source) Swap(i, j int) {
	src.Tree[i], src.Tree[j] = src.Tree[j], src.Tree[i]
	src.stamps[i], src.stamps[j] = src.stamps[j], src.stamps[i]
}
