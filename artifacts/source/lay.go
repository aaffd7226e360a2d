package source

import (
	"io/fs"
	"os"
	"path/filepath"

	"assay/artifacts"
)

// FS returns the files of part, a sub-tree of the source, read in place.
func (src *Source) FS(part artifacts.Tree) fs.FS {
	return sourceFS{artifacts.NewFS(part, src.path), src}
}

// sourceFS is a source, or a sub-tree of one.
type sourceFS struct {
	*artifacts.TreeFS
	src *Source
}

// Lay makes the files appear below the folder dir, which must not exist, for a command.
// They are links to the files, since these are the user's own. A source that is used as
// a whole is one link, however many files it has; then intact returns an error if a file
// was added meanwhile, which the command may have seen. The engine checks whether files
// were written to, see [Source.Unchanged].
func (f sourceFS) Lay(dir string, _ bool) (read []string, shared bool, intact func() error, err error) {
	src := f.src
	if !src.file && !src.part && len(f.Tree) == len(src.Tree) {
		read = append(read, src.Root)
		for _, name := range src.links { // which may lead outside
			read = append(read, src.path(name))
		}
		return read, false, src.sameNames, os.Symlink(src.Root, dir)
	}
	made := map[string]bool{}
	for _, file := range f.Tree {
		from, to := src.path(file.Name), filepath.Join(dir, filepath.FromSlash(file.Name))
		if sub := filepath.Dir(to); !made[sub] {
			made[sub] = true
			if err := os.MkdirAll(sub, 0o777); err != nil {
				return nil, false, nil, err
			}
		}
		if err := os.Symlink(from, to); err != nil {
			return nil, false, nil, err
		}
		read = append(read, from)
	}
	return read, false, func() error { return nil }, nil
}
