//go:build !linux

package disk

import "path/filepath"

// A Dir tells how the files of one folder look.
type Dir struct{ path string }

// OpenDir opens a folder whose files are to be looked at. A failure shows in [Dir.File].
func OpenDir(path string) *Dir { return &Dir{path} }

// File returns the stamp of what a name stands for in the folder, and whether that is
// a plain file.
func (d *Dir) File(name string) (_ Stamp, plain bool, err error) {
	return StatFile(filepath.Join(d.path, name))
}

// Close lets go of the folder.
func (d *Dir) Close() {}
