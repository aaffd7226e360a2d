package artifacts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// A Source is a file or folder outside the store, hashed where it lies.
type Source struct {
	Root  string // absolute
	Tree  Tree
	file  bool             // Root is itself the one file
	stats map[string]stamp // what the files looked like when they were hashed
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
// earlier scan are not read again. Only plain files, and links to plain files,
// may lie in a source.
func (s *Store) Scan(ctx context.Context, root string) (*Source, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	names, stamps, single, err := walkSource(ctx, root)
	if err != nil {
		return nil, err
	}
	if single && stamps[0].size <= smallFile {
		return scanSmall(root, names[0], stamps[0])
	}
	memo := s.loadMemo(root)
	tree := make(Tree, len(names))
	var stale []int
	for i, name := range names {
		known, ok := memo.files[name]
		tree[i] = File{name, known.digest}
		if !ok || known.stamp != stamps[i] || memo.isRacy(known.stamp) {
			stale = append(stale, i)
		}
	}
	src := &Source{root, tree, single, make(map[string]stamp, len(names))}
	for i, name := range names {
		src.stats[name] = stamps[i]
	}
	if err := src.hash(ctx, stale); err != nil {
		return nil, err
	}
	if len(stale) > 0 || len(memo.files) != len(names) {
		if err := s.saveMemo(src, began); err != nil {
			return nil, fmt.Errorf("remember digests of %s: %w", root, err)
		}
	} else {
		s.touch(s.memoPath(root))
	}
	return src, nil
}

// smallFile is the size up to which a source of one file is read rather than
// remembered: that costs less than looking into a memo.
const smallFile = 64 << 10

func scanSmall(root, name string, st stamp) (*Source, error) {
	d, err := hashFile(root)
	if err != nil {
		return nil, err
	}
	src := &Source{root, Tree{{name, d}}, true, map[string]stamp{name: st}}
	return src, src.Unchanged(src.Tree)
}

// hash reads the files at the given indexes of the tree.
func (src *Source) hash(ctx context.Context, stale []int) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, i := range stale {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			d, err := hashFile(src.path(src.Tree[i].Name))
			src.Tree[i].Digest = d
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return src.Unchanged(src.Tree)
}

// path returns where a file of the source lies.
func (src *Source) path(name string) string {
	if src.file {
		return src.Root
	}
	return filepath.Join(src.Root, filepath.FromSlash(name))
}

// FS returns the files of part, a sub-tree of the source, read where they lie.
func (src *Source) FS(part Tree) fs.FS { return newFS(part, src.path) }

// ErrChanged says that a source changed while it was being read.
var ErrChanged = errors.New("changed while it was being read; nothing was recorded of it, run again")

// Unchanged returns an error that wraps ErrChanged if a file of part does not
// look as it did when the source was scanned.
func (src *Source) Unchanged(part Tree) error {
	for _, f := range part {
		path := src.path(f.Name)
		st, err := os.Stat(path)
		if err != nil || stampOf(st) != src.stats[f.Name] {
			return fmt.Errorf("%s %w", path, ErrChanged)
		}
	}
	return nil
}

// walkSource lists the files below root, sorted by name as trees are. A root
// that is itself a file is a source of that one file.
func walkSource(ctx context.Context, root string) (names []string, stamps []stamp, single bool, err error) {
	st, err := os.Stat(root)
	if err != nil {
		return nil, nil, false, err
	}
	if !st.IsDir() {
		name := filepath.Base(root)
		return []string{name}, []stamp{stampOf(st)}, true, checkName(name)
	}
	found := map[string]stamp{}
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if e.IsDir() {
			return nil
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		st, err := os.Stat(path)
		if err != nil {
			return err
		}
		if !st.Mode().IsRegular() {
			return fmt.Errorf("%s is neither a file nor a folder (nor a link to a file); take it out of the source", path)
		}
		found[name] = stampOf(st)
		names = append(names, name)
		return checkName(name)
	})
	slices.Sort(names)
	for _, n := range names {
		stamps = append(stamps, found[n])
	}
	return names, stamps, false, err
}
