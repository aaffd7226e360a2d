package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/parquet-go/parquet-go/format"
)

// A File is one Parquet file of a table, opened and its footer checked.
type File struct {
	Name   string
	src    fs.File
	r      io.ReaderAt
	size   int64
	meta   *format.FileMetaData
	Leaves []Leaf
	mem    *scratch
}

// Close closes the file.
func (p *File) Close() { p.src.Close() }

// Groups returns the number of rows of each row group.
func (p *File) Groups() []int {
	rows := make([]int, len(p.meta.RowGroups))
	for i, g := range p.meta.RowGroups {
		rows[i] = int(g.NumRows)
	}
	return rows
}

// Wrap puts the name of the part before an error.
func (p *File) Wrap(err error) error { return fmt.Errorf("%s: %w", p.Name, err) }

// leaf finds the values of a column, which is a list or not.
func (p *File) leaf(name string, isList bool) (int, error) {
	found := -1
	for i := range p.Leaves {
		l := &p.Leaves[i]
		if l.Name != name {
			continue
		}
		if found >= 0 && l.Column != p.Leaves[found].Column {
			return 0, fmt.Errorf("column %s is there twice", name)
		}
		found = i
	}
	if found < 0 {
		return 0, p.missing(name)
	}
	if k := p.Leaves[found].kind; k < format.Boolean || k > format.FixedLenByteArray {
		return 0, fmt.Errorf("column %s is of the unknown physical type %d", name, int32(k))
	}
	want := single
	if isList {
		want = list
	}
	if got := p.Leaves[found].shape; got != want && p.Leaves[found].sense.of != meansNull {
		return 0, fmt.Errorf("column %s is %v, want %v", name, got, want)
	}
	return found, nil
}

// missing is the error of a column that a part lacks. In folders of Hive's kind it
// is in the path.
func (p *File) missing(name string) error {
	if strings.Contains("/"+p.Name, "/"+name+"=") {
		return fmt.Errorf("column %s is missing: it is only in the name of the folder; write it into the file", name)
	}
	return fmt.Errorf("column %s is missing", name)
}

// Lookup returns a value of the file's own metadata, or "".
func (p *File) Lookup(key string) string {
	for _, kv := range p.meta.KeyValueMetadata {
		if kv.Key == key {
			return kv.Value
		}
	}
	return ""
}

// Files are the files of a table, in the order of their paths.
type Files []*File

// Close closes them all.
func (ps Files) Close() {
	for _, p := range ps {
		p.Close()
	}
}

// ErrNoTable is the error of a table without a single part.
var ErrNoTable = errors.New("there is no *.parquet file in the artifact")

// OpenAll opens every *.parquet below fsys, in the order of their paths.
func OpenAll(fsys fs.FS) (Files, error) {
	names, err := partNames(fsys)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, ErrNoTable
	}
	mem := &scratch{}
	var all Files
	for _, name := range names {
		p, err := openPart(fsys, name, mem)
		if err != nil {
			all.Close()
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// partNames walks fsys for its Parquet files. In capitals, as some systems write
// the ending, one is a part as well: without it the table would lack rows.
func partNames(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || !strings.EqualFold(path.Ext(name), ".parquet") {
			return nil
		}
		if names = append(names, name); len(names) > maxParts {
			return fmt.Errorf("more than %d Parquet files", maxParts)
		}
		return nil
	})
	return names, err
}

// Open opens a table that is one file.
func Open(fsys fs.FS, name string) (*File, error) { return openPart(fsys, name, &scratch{}) }

// openPart opens a file of a table and checks its footer.
func openPart(fsys fs.FS, name string, mem *scratch) (p *File, err error) {
	src, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			src.Close()
		}
	}()
	p = &File{Name: name, src: src, mem: mem}
	if p.r, p.size, err = readerAt(src); err != nil {
		return nil, err
	}
	if p.meta, err = readFooter(p.r, p.size); err != nil {
		return nil, err
	}
	if p.Leaves, err = leavesOf(p.meta.Schema); err != nil {
		return nil, err
	}
	markDurations(p.Leaves, p.Lookup(arrowKey))
	for i, g := range p.meta.RowGroups {
		if g.NumRows > 0 && len(g.Columns) != len(p.Leaves) {
			return nil, fmt.Errorf("row group %d has %d columns, the schema %d", i, len(g.Columns), len(p.Leaves))
		}
	}
	return p, nil
}

// readerAt gives random access to a file: its own, or a copy in memory.
func readerAt(f fs.File) (io.ReaderAt, int64, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("not a regular file")
	}
	if r, ok := f.(io.ReaderAt); ok {
		return r, info.Size(), nil
	}
	b, err := io.ReadAll(io.LimitReader(f, maxInMemory+1))
	if err == nil && len(b) > maxInMemory {
		err = fmt.Errorf("more than %d bytes in a file that cannot be read at random", maxInMemory)
	}
	return bytes.NewReader(b), int64(len(b)), err
}
