package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/source"
)

// Inputs say what an action read, so that a link in an output that leads there
// can be told from one that leads out of the action.
type Inputs struct {
	Dir     string           // the folder the inputs are laid out in; "" if they are not
	Trees   []artifacts.Tree // those in the store
	Sources []*source.Source // those outside, and of each
	Parts   []artifacts.Tree // the part that was read
}

// Commit moves the files below dir into the store and returns their tree, and
// warnings for people. Only files that are assay's alone are moved: of one that
// has names outside dir, another owner, or somebody who writes to it, the store
// gets a copy, and the file stays as it is. Of a link to a file or folder in dir
// or in an input, the content is taken. What else is neither a file nor a folder
// is an error. The new blobs are sealed later, see seal.go.
func (s *Store) Commit(dir string, in Inputs) (artifacts.Tree, []string, error) {
	if err := isOutputFolder(dir); err != nil {
		return nil, nil, err
	}
	c := &commitment{s: s, dir: dir, in: in, inodes: map[disk.FileID]*inode{}, digests: map[string]artifacts.Digest{}}
	if err := c.list(""); err != nil {
		return nil, nil, err
	}
	// Links are followed while what they lead to lies where it did.
	takes, err := c.follow()
	if err != nil {
		return nil, nil, err
	}
	var t artifacts.Tree
	for _, name := range c.files {
		if err := c.take(name); err != nil {
			return nil, nil, fmt.Errorf("file %s: %w", name, err)
		}
	}
	if err := c.takeLinked(); err != nil {
		return nil, nil, err
	}
	for _, name := range c.files {
		t = append(t, artifacts.File{Name: name, Digest: c.digests[name]})
	}
	for _, l := range takes {
		d, err := c.content(l)
		if err != nil {
			return nil, nil, fmt.Errorf("file %s, a link to %s: %w", l.name, l.path, err)
		}
		t = append(t, artifacts.File{Name: l.name, Digest: d})
	}
	artifacts.SortTree(t)
	return t, c.warnings(), s.PutTree(t)
}

// isOutputFolder says what became of the folder that a command was given, if it
// is no longer one.
func isOutputFolder(dir string) error {
	st, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("its folder is gone; write the files into the folder that is there, and leave that in its place")
	case err != nil:
		return err
	case !st.IsDir():
		return fmt.Errorf("its folder was replaced by a %s; write the files into the folder that is there",
			disk.TypeName(st.Mode()))
	}
	return nil
}

// commitment is a Commit under way.
type commitment struct {
	s   *Store
	dir string
	in  Inputs

	files   []string // plain ones, by their names in the artifact
	links   []string
	empty   []string      // folders that hold nothing
	linked  []*inode      // files with several names, in the order of the first ones
	written []string      // files that somebody writes to
	waited  time.Duration // for writers to go

	inodes  map[disk.FileID]*inode      // those of linked
	digests map[string]artifacts.Digest // of files that were taken
}

func (c *commitment) path(name string) string { return filepath.Join(c.dir, filepath.FromSlash(name)) }

// list enters what lies in a folder of the output.
func (c *commitment) list(folder string) error {
	dir := c.path(folder)
	entries, err := disk.ReadOwnDir(dir)
	if err != nil {
		return err
	}
	if len(entries) == 0 && folder != "" {
		c.empty = append(c.empty, folder)
	}
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		if err := artifacts.CheckName(name); err != nil {
			return err
		}
		switch {
		case e.IsDir():
			err = c.list(name)
		case e.Type().IsRegular():
			c.files = append(c.files, name)
		case e.Type()&fs.ModeSymlink != 0:
			c.links = append(c.links, name)
		default:
			err = fmt.Errorf("%s is a %s; artifacts hold only files: write a file in its place", name,
				disk.TypeName(e.Type()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// warnings says what is not in the artifact as the command left it.
func (c *commitment) warnings() []string {
	var out []string
	if n := len(c.empty); n > 0 {
		out = append(out, fmt.Sprintf("folder %s%s is empty and not kept: artifacts hold only files. If it is "+
			"needed, put a file into it", c.empty[0], andMore(n)))
	}
	if n := len(c.written); n > 0 {
		out = append(out, fmt.Sprintf("file %s%s is still open for writing: the step left a process behind. The "+
			"store has a copy of what was there when the step ended; let the step wait for what it starts",
			c.written[0], andMore(n)))
	}
	return out
}

func andMore(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n-1)
}
