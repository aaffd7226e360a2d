package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// A folder is one folder of a source: the names in it, and its stamp when they were
// read.
type folder struct {
	name  string // in the tree, "." for the root
	names []string
	stamp disk.Stamp
	fresh bool // changed so recently that its stamp may miss another change
}

// Limits on the content of a source: links can lead to the same folder in many ways.
const (
	maxSourceDepth   = 200
	maxSourceEntries = 5_000_000
)

// walkSource lists the files below root, without their digests. If root is a file, that
// is the only one.
func walkSource(ctx context.Context, root string) (*Source, error) {
	st, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	src := &Source{Root: root, file: !st.IsDir()}
	if src.file {
		return src, src.addPlain(filepath.Base(root), root, st)
	}
	w := &sourceWalk{ctx: ctx, src: src}
	if err := w.folder(".", st); err != nil {
		return nil, err
	}
	sort.Sort(src)
	return src, nil
}

// sourceWalk is a walk through a source. It follows links.
type sourceWalk struct {
	ctx  context.Context
	src  *Source
	way  []fs.FileInfo // the folders from the root to where it is
	seen int
}

// folder lists a folder and everything below it.
func (w *sourceWalk) folder(name string, st fs.FileInfo) error {
	at := w.src.path(name)
	if err := w.enter(at, st); err != nil {
		return err
	}
	defer func() { w.way = w.way[:len(w.way)-1] }()
	began := time.Now()
	entries, err := os.ReadDir(at)
	if err != nil {
		return err
	}
	f := folder{name: name, names: entryNames(entries), stamp: disk.StampOf(st)}
	f.fresh = max(f.stamp.Mtime, f.stamp.Ctime) >= began.Add(-racy).UnixNano()
	w.src.folders = append(w.src.folders, f)
	dir := disk.OpenDir(at)
	defer dir.Close()
	for _, e := range entries {
		if err := w.entry(path.Join(name, e.Name()), e, dir); err != nil {
			return err
		}
	}
	return nil
}

// enter refuses a folder that contains itself by a link, and one that is too deep.
func (w *sourceWalk) enter(at string, st fs.FileInfo) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if slices.ContainsFunc(w.way, func(above fs.FileInfo) bool { return os.SameFile(above, st) }) {
		return fmt.Errorf("%s is a link to a folder that contains it, so the source has no end; remove the link", at)
	}
	if len(w.way) == maxSourceDepth {
		return fmt.Errorf("%s lies more than %d folders deep in the source; name a folder nearer to the files", at,
			maxSourceDepth)
	}
	w.way = append(w.way, st)
	return nil
}

// entry adds what is at a name in the folder dir.
func (w *sourceWalk) entry(name string, e fs.DirEntry, dir *disk.Dir) error {
	if w.seen++; w.seen > maxSourceEntries {
		return fmt.Errorf("the source %s has more than %d files and folders, or links lead to some in many ways; "+
			"name only the folders that are needed", w.src.Root, maxSourceEntries)
	}
	if e.Type().IsRegular() {
		if s, plain, err := dir.File(e.Name()); err == nil && plain {
			return w.src.add(name, s)
		}
	}
	at := w.src.path(name)
	if e.Type()&fs.ModeSymlink != 0 {
		w.src.links = append(w.src.links, name)
	}
	st, err := os.Stat(at)
	if errors.Is(err, fs.ErrNotExist) && e.Type()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%s is a link to nothing that exists; remove it from the source", at)
	}
	if err != nil {
		return err
	}
	if st.IsDir() {
		return w.folder(name, st)
	}
	return w.src.addPlain(name, at, st)
}

// addPlain adds a file, and refuses anything else.
func (src *Source) addPlain(name, path string, st fs.FileInfo) error {
	if !st.Mode().IsRegular() {
		return fmt.Errorf("%s is neither a file nor a folder (nor a link to one); remove it from the source", path)
	}
	return src.add(name, disk.StampOf(st))
}

// add adds a file.
func (src *Source) add(name string, s disk.Stamp) error {
	src.Tree = append(src.Tree, artifacts.File{Name: name})
	src.stamps = append(src.stamps, s)
	return artifacts.CheckName(name)
}

// entryNames returns the names of the entries of a folder.
func entryNames(entries []fs.DirEntry) []string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// sameNames returns an error that wraps ErrChanged if a file was added to a folder of
// the source, or removed, since the walk.
func (src *Source) sameNames() error {
	for _, f := range src.folders {
		at := src.path(f.name)
		st, err := os.Stat(at)
		if err == nil && !f.fresh && disk.StampOf(st) == f.stamp {
			continue
		}
		entries, err := os.ReadDir(at)
		if err != nil {
			return fmt.Errorf("%s %w", at, ErrChanged)
		}
		names := entryNames(entries)
		for _, name := range names {
			if _, old := slices.BinarySearch(f.names, name); !old {
				return fmt.Errorf("%s was added to a source while a command could see it; its result was not "+
					"recorded, run again: %w", filepath.Join(at, name), ErrChanged)
			}
		}
		if len(names) != len(f.names) {
			return fmt.Errorf("%s %w", at, ErrChanged)
		}
	}
	return nil
}
