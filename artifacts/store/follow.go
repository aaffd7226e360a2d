package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/source"
)

// Links in an output are taken for what they lead to, if that is in the output
// itself or in an input. These bound what links to links and to folders may
// come to.
const (
	maxHops  = 40      // as the kernel's
	maxTaken = 100_000 // files and folders that links stand for, in one output
)

// taken is a file that a link stands for.
type taken struct {
	name string           // in the artifact
	path string           // where it lies
	own  string           // its name, if it is a file of the output itself
	want artifacts.Digest // what an input says it is; zero if nothing does
}

// target is what a link leads to in the end.
type target struct {
	path   string
	own    string           // its name, if it is a file of the output
	want   artifacts.Digest // what an input says it is; zero if nothing does
	folder bool
	part   artifacts.Tree // of a folder of a source: the files that were read
}

// errLinkLoop says that links lead to each other for ever.
var errLinkLoop = errors.New("is one of some links that lead to each other, or to a folder that holds them, so there " +
	"is no end to what it stands for; put the files themselves there, or remove the link")

// follow returns the files that the links of the output stand for.
func (c *commitment) follow() ([]taken, error) {
	if len(c.links) == 0 {
		return nil, nil
	}
	f := &follower{c: c, out: artifacts.RealPath(c.dir), blobs: filepath.Join(artifacts.RealPath(c.s.dir), "blobs"),
		real: map[string]string{}}
	if c.in.Dir != "" {
		f.laid = artifacts.RealPath(c.in.Dir)
	}
	for _, src := range c.in.Sources {
		f.roots = append(f.roots, artifacts.RealPath(src.Root))
	}
	for _, name := range c.links {
		if err := f.take(name, filepath.Join(f.out, filepath.FromSlash(name)), nil); err != nil {
			return nil, fmt.Errorf("%s %w", name, err)
		}
	}
	return f.taken, nil
}

// follower follows links.
type follower struct {
	c     *commitment
	out   string   // real path of the output
	laid  string   // the same of the folder of inputs; "" if there is none
	roots []string // the same of sources
	blobs string   // the same of the store's files
	real  map[string]string
	taken []taken
	steps int
}

// take enters what lies at path, or is linked from there, under a name. It is in
// the given folders, from the outermost inwards.
func (f *follower) take(name, path string, within []string) error {
	if f.steps++; f.steps > maxTaken {
		return fmt.Errorf("stands, with other links, for more than %d files; put only what is needed there", maxTaken)
	}
	to, err := f.resolve(path)
	switch {
	case err != nil:
		return err
	case !to.folder:
		f.taken = append(f.taken, taken{name, to.path, to.own, to.want})
		return nil
	case to.part != nil:
		return f.takePart(name, to)
	case slices.Contains(within, to.path):
		return errLinkLoop
	}
	within = append(within, to.path)
	entries, err := disk.ReadOwnDir(to.path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		sub := name + "/" + e.Name()
		err := errors.Join(artifacts.CheckName(sub), f.take(sub, filepath.Join(to.path, e.Name()), within))
		if err != nil {
			return err
		}
	}
	return nil
}

// takePart enters the files of a source's folder.
func (f *follower) takePart(name string, to target) error {
	if f.steps += len(to.part); f.steps > maxTaken {
		return fmt.Errorf("stands, with other links, for more than %d files; put only what is needed there", maxTaken)
	}
	for _, file := range to.part {
		at := filepath.Join(to.path, filepath.FromSlash(file.Name))
		f.taken = append(f.taken, taken{name: name + "/" + file.Name, path: at, want: file.Digest})
	}
	return nil
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

// content puts what a link stands for into the store.
func (c *commitment) content(t taken) (artifacts.Digest, error) {
	if t.own != "" {
		d, ok := c.digests[t.own]
		if !ok {
			return d, errors.New("it is gone")
		}
		return d, nil
	}
	if t.want != (artifacts.Digest{}) && c.s.Whole(t.want, false) {
		return t.want, nil
	}
	f, err := os.Open(t.path)
	if err != nil {
		return artifacts.Digest{}, err
	}
	defer f.Close()
	d, err := c.adoptCopy(f)
	if err == nil && t.want != (artifacts.Digest{}) && d != t.want {
		err = fmt.Errorf("it %w", source.ErrChanged)
	}
	return d, err
}
