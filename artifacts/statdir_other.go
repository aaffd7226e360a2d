//go:build !linux

package artifacts

import "path/filepath"

// A statDir tells how the files of one folder look.
type statDir struct{ path string }

func openStatDir(path string) *statDir { return &statDir{path} }

// file returns the stamp of what a name stands for in the folder, and whether that is
// a plain file.
func (d *statDir) file(name string) (_ stamp, plain bool, err error) {
	return statFile(filepath.Join(d.path, name))
}

func (d *statDir) close() {}
