package store

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// target is what a link leads to in the end.
type target struct {
	path   string
	own    string           // its name, if it is a file of the output
	want   artifacts.Digest // what an input says it is; zero if nothing does
	folder bool
	part   artifacts.Tree // of a folder of a source: the files that were read
}

// resolve returns what lies at path, or at the end of the links that begin
// there. Each of these must lead into the output or to something of an input.
func (f *follower) resolve(path string) (target, error) {
	at := path
	for range maxHops {
		dir, base := splitPath(at)
		dir, err := f.realDir(dir)
		if err != nil {
			return target{}, errLost(path)
		}
		at = filepath.Join(dir, base)
		if to, ok := f.ofInput(at); ok {
			return to, nil
		}
		if !artifacts.Within(at, f.out) && (f.laid == "" || !artifacts.Within(at, f.laid)) {
			return target{}, errOutside(path, at)
		}
		st, err := os.Lstat(at)
		if err != nil {
			return target{}, errLost(path)
		}
		if st.Mode()&fs.ModeSymlink == 0 {
			return f.end(at, st)
		}
		next, err := os.Readlink(at)
		if err != nil {
			return target{}, err
		}
		if !filepath.IsAbs(next) {
			next = dir + string(filepath.Separator) + next // not cleaned: "link/.." is not "."
		}
		at = next
	}
	return target{}, errLinkLoop
}

// splitPath cuts the last element off a path, which stays as it is otherwise.
func splitPath(path string) (dir, base string) {
	path = strings.TrimRight(path, string(filepath.Separator))
	i := strings.LastIndexByte(path, filepath.Separator)
	return path[:i+1], path[i+1:]
}

// realDir is [filepath.EvalSymlinks], remembered: nothing changes meanwhile.
func (f *follower) realDir(dir string) (string, error) {
	if real, ok := f.real[dir]; ok {
		return real, nil
	}
	real, err := filepath.EvalSymlinks(dir)
	if err == nil {
		f.real[dir] = real
	}
	return real, err
}

// end is a target that lies in the output or where inputs are laid out.
func (f *follower) end(at string, st fs.FileInfo) (target, error) {
	to := target{path: at, folder: st.IsDir()}
	if !st.IsDir() && !st.Mode().IsRegular() {
		return to, fmt.Errorf("is a link to a %s; artifacts hold only files", disk.TypeName(st.Mode()))
	}
	if artifacts.Within(at, f.out) && !st.IsDir() {
		to.own = below(at, f.out)
	}
	return to, nil
}

// below is the name in dir of a path within it.
func below(path, dir string) string {
	const sep = string(filepath.Separator)
	return filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(path, strings.TrimSuffix(dir, sep)), sep))
}

// ofInput reports whether what lies at a path is of an input, where inputs lie
// themselves.
func (f *follower) ofInput(at string) (target, bool) {
	if artifacts.Within(at, f.blobs) {
		d, err := artifacts.ParseDigest(filepath.Base(at))
		is := func(file artifacts.File) bool { return file.Digest == d }
		read := func(t artifacts.Tree) bool { return slices.ContainsFunc(t, is) }
		return target{path: at, want: d}, err == nil && slices.ContainsFunc(f.c.in.Trees, read)
	}
	for i, src := range f.c.in.Sources {
		if root := f.roots[i]; artifacts.Within(at, root) {
			if d, part, ok := src.Find(below(at, root), f.c.in.Parts[i]); ok {
				return target{path: at, want: d, folder: part != nil, part: part}, true
			}
		}
	}
	return target{}, false
}

// errLost and errOutside are about links that lead to nothing, or out of the
// action.
func errLost(path string) error {
	return fmt.Errorf("is a link to %s, where there is nothing; put the file itself there, or remove the link",
		linkText(path))
}

func errOutside(path, at string) error {
	text := linkText(path)
	if text != at {
		at = text + " (" + at + ")"
	}
	return fmt.Errorf("is a link to %s, which is neither in this output nor in an input of the step; an artifact "+
		"holds files: put the file itself there, with cp -L, or remove the link", at)
}

func linkText(path string) string {
	text, err := os.Readlink(path)
	if err != nil {
		return path
	}
	return text
}
