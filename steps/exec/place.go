package exec

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"assay/engine/step"
)

// A place is the folder a command runs in:
//
//	in/PORT            an input
//	in/PORT/view=oracle  one of several, by its labels
//	out/PORT           an output
//
// It is also the command's HOME and TMPDIR. What else lies in it is thrown away.
type place struct {
	dir    string
	short  string // a short path to it
	inputs []laid
}

// A laid is an input as files in the place.
type laid struct {
	name   string
	read   []string // paths outside the place that the command has to read
	shared bool     // its files are the store's own, in one more place
	intact func() error
}

// newPlace returns the step's place.
func newPlace(ctx context.Context) (*place, error) {
	dir, err := filepath.Abs(step.Place(ctx))
	if err != nil {
		return nil, err
	}
	short, err := filepath.Abs(step.ShortPlace(ctx))
	return &place{dir: dir, short: short}, err
}

// A grant is what a command may use of the project.
type grant struct {
	read  []string // files, and folders with all that is in them, to read
	write []string // paths to do anything with

	modes bool // modes of files hold for root, too
}

// within returns what the command may use: its own folder and what the recipe allows,
// without limits, and its inputs, for reading.
func (pl *place) within(allow []string) grant {
	g := grant{write: append([]string{pl.dir}, allow...)}
	for _, l := range pl.inputs {
		g.read = append(g.read, l.read...)
		g.modes = g.modes || l.shared
	}
	return g
}

// lay puts the input files into the place. fenced says whether a fence will keep the
// command from other files.
func (pl *place) lay(in step.Inputs, fenced bool) error {
	for port, list := range in {
		for i, input := range list {
			name := "in/" + port
			switch {
			case len(input.Labels) > 0:
				name += "/" + input.Labels.String()
			case len(list) > 1:
				name += "/" + fmt.Sprint(i)
			}
			l, err := layOne(input.FS, filepath.Join(pl.dir, filepath.FromSlash(name)), fenced)
			if err != nil {
				return fmt.Errorf("input %s: %w", port, err)
			}
			l.name = name
			pl.inputs = append(pl.inputs, l)
		}
	}
	return nil
}

// A layer is a file system that can make its files appear below a folder more cheaply
// than by copying. It returns the paths outside the folder that must be readable,
// whether the files are shared and so must not be written to, and a function that
// returns an error if a file was changed since.
type layer interface {
	Lay(dir string, fenced bool) (read []string, shared bool, intact func() error, err error)
}

// layOne makes the files of an input appear below dir.
func layOne(fsys fs.FS, dir string, fenced bool) (l laid, err error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return l, err
	}
	if from, ok := fsys.(layer); ok {
		l.read, l.shared, l.intact, err = from.Lay(dir, fenced)
		return l, err
	}
	l.intact = func() error { return nil }
	return l, os.CopyFS(dir, fsys)
}

// inputsIntact returns an error if anybody changed an input.
func (pl *place) inputsIntact() error {
	for _, l := range pl.inputs {
		if err := l.intact(); err != nil {
			return fmt.Errorf("input %s: %w", l.name, err)
		}
	}
	return nil
}

// outputsMade returns an error for an output without a file.
func (pl *place) outputsMade(names []string) error {
	var empty []string
	for _, name := range names {
		dir := filepath.Join(pl.dir, "out", name)
		if st, err := os.Lstat(dir); err != nil || !st.IsDir() {
			continue // Commit says what happened to the folder
		}
		full, err := hasFile(dir)
		if err != nil {
			return err
		}
		if !full {
			empty = append(empty, "out/"+name)
		}
	}
	if len(empty) > 0 {
		return fmt.Errorf("the command succeeded but wrote nothing to %s%s", strings.Join(empty, ", "),
			pl.strays(names))
	}
	return nil
}

// hasFile reports whether dir contains anything but folders.
func hasFile(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrPermission) && makeOwn(dir) {
		entries, err = os.ReadDir(dir)
	}
	for _, e := range entries {
		if !e.IsDir() {
			return true, nil
		}
	}
	for _, e := range entries {
		if found, err := hasFile(filepath.Join(dir, e.Name())); found || err != nil {
			return found, err
		}
	}
	return false, err
}

// openUp makes the folders above the outputs accessible again, in case the command
// removed its own permissions. They belong to assay.
func (pl *place) openUp(outputs []string) {
	makeOwn(pl.dir)
	makeOwn(filepath.Join(pl.dir, "in"))
	makeOwn(filepath.Join(pl.dir, "out"))
	for _, name := range outputs {
		makeOwn(filepath.Join(pl.dir, "out", name))
	}
}

// makeOwn gives the owner all rights to a folder, and reports whether it could. It does
// not touch links.
func makeOwn(dir string) bool {
	const all = 0o700
	st, err := os.Lstat(dir)
	if err != nil || !st.IsDir() {
		return false
	}
	return st.Mode()&all == all || os.Chmod(dir, st.Mode().Perm()|all) == nil
}
