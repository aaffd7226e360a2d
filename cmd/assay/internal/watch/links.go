package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// maxLinks is how many links to folders in a source are watched. Changes behind further links
// are found by the next run.
const maxLinks = 1000

// NewRoot returns the root for a path, which may be a link. name is for people.
func NewRoot(name, path string, skip []string) Root {
	p := Root{Name: name, Path: Absolute(path), Skip: skip}
	if st, err := os.Lstat(path); err == nil && st.Mode()&fs.ModeSymlink != 0 {
		if abs, err := filepath.Abs(path); err == nil {
			p.link = abs
		}
	}
	return p
}

// AppendSource adds the roots of a source to a list: the source itself, and the folders that
// links in it lead to, each once.
func AppendSource(list []Root, path string, skip []string) []Root {
	first := len(list)
	list = append(list, NewRoot(path, path, skip))
	for i := first; i < len(list) && len(list)-first < maxLinks; i++ {
		p := list[i]
		filepath.WalkDir(p.Path, func(at string, d fs.DirEntry, err error) error {
			if err != nil || d.Type()&fs.ModeSymlink == 0 || at == p.Path {
				return nil
			}
			st, err := os.Stat(at)
			if err != nil || !st.IsDir() {
				return nil
			}
			to := NewRoot(path, at, skip)
			to.link = p.shown(at)
			if !slices.ContainsFunc(list[first:], func(q Root) bool { return q.Path == to.Path }) {
				list = append(list, to)
			}
			return nil
		})
	}
	return list
}

// shown returns a path below the root as users write it, through the link if there is one.
func (p *Root) shown(path string) string {
	if p.link == "" {
		return path
	}
	return p.link + path[len(p.Path):]
}
