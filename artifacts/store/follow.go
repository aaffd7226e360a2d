package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

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
