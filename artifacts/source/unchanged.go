package source

import (
	"errors"
	"fmt"
	"strings"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// ErrChanged says that a source changed while it was being read.
var ErrChanged = errors.New("changed while it was being read; the result was not recorded, run again")

// Unchanged returns an error that wraps ErrChanged if a file of part has another stamp
// than when the source was scanned.
func (src *Source) Unchanged(part artifacts.Tree) error {
	l := looker{src: src}
	defer l.close()
	if len(part) == len(src.Tree) {
		for i := range src.Tree {
			if err := l.unchanged(i); err != nil {
				return err
			}
		}
		return nil
	}
	for _, f := range part {
		i, ok := src.Tree.Index(f.Name)
		if !ok {
			return fmt.Errorf("%s is not part of the source %s", f.Name, src.Root)
		}
		if err := l.unchanged(i); err != nil {
			return err
		}
	}
	return nil
}

// A looker returns the stamps of files of a source. It keeps the last folder open, since
// the next file is most likely in it.
type looker struct {
	src  *Source
	name string // of the folder
	dir  *disk.Dir
}

// unchanged returns an error if a file, given by its index in the tree, has another
// stamp.
func (l *looker) unchanged(i int) error {
	s, err := l.look(l.src.Tree[i].Name)
	if err != nil || s != l.src.stamps[i] {
		return fmt.Errorf("%s %w", l.src.path(l.src.Tree[i].Name), ErrChanged)
	}
	return nil
}

// look returns the stamp of a file of the source. Names come sorted, so each folder is
// opened about once.
func (l *looker) look(name string) (disk.Stamp, error) {
	if l.src.file {
		s, _, err := disk.StatFile(l.src.Root)
		return s, err
	}
	folder, base := "", name
	if at := strings.LastIndexByte(name, '/'); at >= 0 {
		folder, base = name[:at], name[at+1:]
	}
	if l.dir == nil || folder != l.name {
		l.close()
		l.name, l.dir = folder, disk.OpenDir(l.src.path(folder))
	}
	s, _, err := l.dir.File(base)
	return s, err
}

func (l *looker) close() {
	if l.dir != nil {
		l.dir.Close()
		l.dir = nil
	}
}
