package exec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"assay/engine/step"
)

// A place is the folder a command runs in:
//
//	in/PORT            an input, its files links to where they lie
//	in/PORT/view=oracle  one of several, by its labels
//	out/PORT           an output
//
// What else a command puts there, it being its TMPDIR and HOME, is nobody's business.
type place struct {
	dir   string
	links []link // of the inputs
}

// A link is an input file.
type link struct {
	name, target string
	intact       func() bool // whether the command did not write to it
}

// newPlace returns the step's place.
func newPlace(ctx context.Context) (*place, error) {
	dir, err := filepath.Abs(step.Place(ctx))
	return &place{dir: dir}, err
}

// A grant is what a command may use of the project.
type grant struct {
	read  []string // files to read
	write []string // paths to do anything with
}

// within returns what the command is granted: its own folder and what the recipe
// allows in any way, its inputs to read.
func (pl *place) within(allow []string) grant {
	g := grant{write: append([]string{pl.dir}, allow...)}
	for _, l := range pl.links {
		g.read = append(g.read, l.target)
	}
	return g
}

// inputs lays out the input files.
func (pl *place) inputs(in step.Inputs) error {
	for port, list := range in {
		for i, input := range list {
			dir := filepath.Join(pl.dir, "in", port)
			switch {
			case len(input.Labels) > 0:
				dir = filepath.Join(dir, input.Labels.String())
			case len(list) > 1:
				dir = filepath.Join(dir, fmt.Sprint(i))
			}
			if err := pl.lay(input.FS, dir); err != nil {
				return fmt.Errorf("input %s: %w", port, err)
			}
		}
	}
	return nil
}

// A pather is a file system that can say where its files lie.
type pather interface {
	Path(name string) (string, error)
}

// A keeper is a file system that can tell whether its files were written to.
type keeper interface {
	Intact(name string) bool
}

// lay makes the files of an input appear below dir: as links, so that nothing
// is copied, or as copies if the file system cannot say where they lie.
func (pl *place) lay(fsys fs.FS, dir string) error {
	where, inPlace := fsys.(pather)
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		to := filepath.Join(dir, filepath.FromSlash(name))
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(to, 0o777)
		case !inPlace:
			return copyOut(fsys, name, to)
		}
		target, err := where.Path(name)
		if err != nil {
			return err
		}
		l := link{name: name, target: target}
		if k, ok := fsys.(keeper); ok {
			l.intact = func() bool { return k.Intact(name) }
		} else if l.intact, err = asItLooks(target); err != nil {
			return err
		}
		pl.links = append(pl.links, l)
		return os.Symlink(target, to)
	})
}

// asItLooks returns a check that a file's size and time are what they are now.
func asItLooks(path string) (func() bool, error) {
	was, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	return func() bool {
		st, err := os.Stat(path)
		return err == nil && st.Size() == was.Size() && st.ModTime().Equal(was.ModTime())
	}, nil
}

func copyOut(fsys fs.FS, name, to string) error {
	r, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}

// inputsIntact returns an error if an input was written to, by whomever: behind a
// fence it was not the command.
func (pl *place) inputsIntact() error {
	for _, l := range pl.links {
		if !l.intact() {
			return fmt.Errorf("input %s changed while the command ran: if somebody edited it, run again; if the command did, let it copy a file before it changes it, since inputs are links to what others read", l.name)
		}
	}
	return nil
}

// outputsMade returns an error for an output without a file.
func (pl *place) outputsMade(names []string) error {
	var empty []string
	for _, name := range names {
		full, err := hasFile(filepath.Join(pl.dir, "out", name))
		if err != nil {
			return err
		}
		if !full {
			empty = append(empty, "out/"+name)
		}
	}
	if len(empty) > 0 {
		return fmt.Errorf("the command ended well and put no file into %s", strings.Join(empty, ", "))
	}
	return nil
}

// hasFile reports whether there is anything but folders below dir.
func hasFile(dir string) (bool, error) {
	found := false
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = true
			return fs.SkipAll
		}
		return err
	})
	return found, err
}
