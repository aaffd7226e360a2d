//go:build !linux

package disk

import "path/filepath"

// A Dir returns the stamps of the files of one folder.
type Dir struct{ path string }

// OpenDir opens a folder whose files are to be checked. [Dir.File] reports a failure.
func OpenDir(path string) *Dir { return &Dir{path} }

// File returns the stamp of what a name in the folder leads to, and whether that is a
// plain file.
func (d *Dir) File(name string) (_ Stamp, plain bool, err error) {
	return StatFile(filepath.Join(d.path, name))
}

// Own returns the stamp of what is at a name in the folder itself, and whether that is a plain file. A link is none.
func (d *Dir) Own(name string) (_ Stamp, plain bool, err error) {
	return lstatFile(filepath.Join(d.path, name))
}

// Close closes the folder.
func (d *Dir) Close() {}
