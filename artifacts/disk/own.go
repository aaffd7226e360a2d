// Package disk is what assay needs of a file system beyond package os: files that are
// written whole, clones, flushing many files at once, and ownership. Files for one
// operating system say what the others lack.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// OpenOwn opens a file in a folder that only assay uses. It never follows a link. A file
// that its owner may not read is made readable, if it is assay's alone.
func OpenOwn(path string) (*os.File, fs.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|noFollow, 0)
	if errors.Is(err, fs.ErrPermission) {
		st, lerr := os.Lstat(path)
		if lerr == nil && st.Mode().IsRegular() && IsOwn(st) && NamesOf(st) == 1 && os.Chmod(path, 0o600) == nil {
			f, err = os.OpenFile(path, os.O_RDONLY|noFollow, 0)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = fmt.Errorf("it became a %s", TypeName(st.Mode()))
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, st, nil
}

// InOwnDir calls change, which changes something in a folder of assay's own, even if a
// command has made that folder read-only.
func InOwnDir(path string, change func(path string) error) error {
	err := change(path)
	if errors.Is(err, fs.ErrPermission) && openUp(filepath.Dir(path)) == nil {
		err = change(path)
	}
	return err
}

// ReadOwnDir lists a folder of assay's own.
func ReadOwnDir(dir string) ([]fs.DirEntry, error) {
	list, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrPermission) && openUp(dir) == nil {
		list, err = os.ReadDir(dir)
	}
	return list, err
}

// openUp gives the owner all rights to a folder. It does not touch links.
func openUp(dir string) error {
	st, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !st.IsDir() || !IsOwn(st) {
		return fs.ErrPermission
	}
	return os.Chmod(dir, st.Mode().Perm()|0o700)
}

// RemoveAll is [os.RemoveAll] for what belongs to assay: it also removes folders that a
// command made read-only, as Go does with its module cache. It follows no links.
func RemoveAll(dir string) error {
	err := os.RemoveAll(dir)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	openUpAll(dir)
	return os.RemoveAll(dir)
}

// openUpAll opens up a folder and those below it, as far as this user owns them.
func openUpAll(dir string) {
	if openUp(dir) != nil {
		return
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() {
			openUpAll(filepath.Join(dir, e.Name()))
		}
	}
}

// OwnedAt reports whether this user owns what lies at path, or where a link there leads.
func OwnedAt(path string) bool {
	st, err := os.Stat(path)
	return err == nil && IsOwn(st)
}

// TypeName returns the usual name of a type of file.
func TypeName(mode fs.FileMode) string {
	switch mode.Type() {
	case 0:
		return "file"
	case fs.ModeDir:
		return "folder"
	case fs.ModeSymlink:
		return "link"
	case fs.ModeNamedPipe:
		return "named pipe"
	case fs.ModeSocket:
		return "socket"
	}
	return "device"
}
