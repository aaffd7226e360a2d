package artifacts

import (
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// TreeFS serves a tree, its files read in place from wherever path says.
type TreeFS struct {
	Tree Tree
	path func(name string) string

	once  sync.Once // of what follows: many never ask
	files map[string]struct{}
	dirs  map[string][]fs.DirEntry
}

// NewFS returns a file system of the named files. It has no other files, whatever is on
// the disk.
func NewFS(t Tree, path func(name string) string) *TreeFS {
	return &TreeFS{Tree: t, path: path}
}

// index lists the entries of every folder.
func (f *TreeFS) index() {
	f.files, f.dirs = map[string]struct{}{}, map[string][]fs.DirEntry{".": nil}
	for _, file := range f.Tree {
		f.files[file.Name] = struct{}{}
		f.enter(file.Name, false)
	}
	for _, list := range f.dirs {
		slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
}

// enter adds a name, and the folders above it, to the entries of their folders.
func (f *TreeFS) enter(name string, isDir bool) {
	dir := path.Dir(name)
	_, known := f.dirs[dir]
	f.dirs[dir] = append(f.dirs[dir], dirEntry{f, name, isDir})
	if !known {
		f.enter(dir, true)
	}
}

// Open opens a file or folder of the tree.
func (f *TreeFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	f.once.Do(f.index)
	if list, ok := f.dirs[name]; ok {
		return &openDir{info{name: path.Base(name), mode: fs.ModeDir | 0o555}, list}, nil
	}
	if _, ok := f.files[name]; !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	file, err := os.Open(f.path(name))
	if err != nil {
		return nil, err
	}
	st, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, err
	}
	return &openFile{file, info{path.Base(name), st.Size(), 0o444}}, nil
}

// openFile is an *os.File, so also an io.ReaderAt and io.Seeker, that is named by its
// name in the tree.
type openFile struct {
	*os.File
	info info
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }

type openDir struct {
	info info
	rest []fs.DirEntry
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *openDir) Close() error               { return nil }
func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.name, Err: fs.ErrInvalid}
}

func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(d.rest) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(d.rest) {
		n = len(d.rest)
	}
	list := slices.Clone(d.rest[:n])
	d.rest = d.rest[n:]
	return list, nil
}

type dirEntry struct {
	fs    *TreeFS
	name  string
	isDir bool
}

func (e dirEntry) Name() string { return path.Base(e.name) }
func (e dirEntry) IsDir() bool  { return e.isDir }
func (e dirEntry) Type() fs.FileMode {
	if e.isDir {
		return fs.ModeDir
	}
	return 0
}

func (e dirEntry) Info() (fs.FileInfo, error) {
	f, err := e.fs.Open(e.name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// info describes a file by its name and size only: nothing else is content.
type info struct {
	name string
	size int64
	mode fs.FileMode
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) Sys() any           { return nil }
