package artifacts

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// A Source is a file or folder outside the store, hashed where it lies.
type Source struct {
	Root   string // absolute, as it was written
	Tree   Tree
	stamps []stamp // what the tree's files looked like when they were hashed
	file   bool    // Root is itself the one file

	folders []folder // in the order of the walk; none if Root is a file
	links   []string // files and folders that lie elsewhere

	once   sync.Once
	digest Digest
}

// A stamp is what a stat tells of a file's content: if all of it is as it was,
// the content is taken to be as it was.
type stamp struct {
	size         int64
	mtime, ctime int64 // Unix ns
	inode        uint64
}

// racy is how far a file's times must lie before its hashing for its stamp to
// be trusted. A file written within one tick of the file system's clock can be
// written again without its times showing it (git's racy-timestamp rule).
const racy = 2 * time.Second

// Scan returns the source at root. Files whose stamps are as remembered from an
// earlier scan are not read again. A link in a source, and the root itself, stands
// for what it points to.
func (s *Store) Scan(ctx context.Context, root string) (*Source, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	src, err := s.walkSource(ctx, root)
	if err != nil {
		return nil, err
	}
	if src.file && src.stamps[0].size <= smallFile {
		return src, src.hash(ctx, []int{0})
	}
	memo := s.loadMemo(root)
	stale := memo.recall(src)
	if err := src.hash(ctx, stale); err != nil {
		return nil, err
	}
	if len(stale) == 0 && len(memo.files) == len(src.Tree) {
		s.touch(s.memoPath(root))
		return src, nil
	}
	if err := s.saveMemo(src, began); err != nil { // the next run reads the files again
		s.warn(fmt.Sprintf("the digests of %s cannot be remembered: %v", root, err))
	}
	return src, nil
}

// smallFile is the size up to which a source of one file is read rather than
// remembered: that costs less than looking into a memo.
const smallFile = 64 << 10

// hash reads the files at the given indexes of the tree.
func (src *Source) hash(ctx context.Context, stale []int) error {
	one := func(ctx context.Context, i int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := hashFile(src.path(src.Tree[i].Name))
		src.Tree[i].Digest = d
		return err
	}
	l := looker{src: src}
	defer l.close()
	if len(stale) == 1 { // not worth waking another thread for
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
func (src *Source) Digest() Digest {
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

// Len, Less and Swap sort the files of a walk by name, as trees are.
func (src *Source) Len() int           { return len(src.Tree) }
func (src *Source) Less(i, j int) bool { return src.Tree[i].Name < src.Tree[j].Name }
func (src *Source) Swap(i, j int) {
	src.Tree[i], src.Tree[j] = src.Tree[j], src.Tree[i]
	src.stamps[i], src.stamps[j] = src.stamps[j], src.stamps[i]
}
