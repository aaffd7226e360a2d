// Package deliver copies artifacts into folders of users.
//
// [Copies] updates folders to match artifacts and never touches files that it did not
// put there; [Export] copies one artifact out, with its checksums. record.go says how
// assay recognizes its own files, and outside.go how it avoids links.
package deliver

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/store"
)

// A Copy is an artifact and the folder outside the store that it is copied to.
type Copy struct {
	Tree artifacts.Tree
	Dir  string
	// By describes for users what makes the artifact: a recipe and the changes of the
	// command line. It may be empty.
	By string
	// Replaces is called with what made the files that others replace; it may be nil.
	Replaces func(by string)
	// Locked returns the artifact that, according to a lock, was last copied there; zero
	// if there is none. It is called if the store has no record of the folder; it may be
	// nil.
	Locked func() artifacts.Digest
}

// Copies makes the files of each artifact appear below its folder. Files that are
// already right are left alone. Of the others, those that assay put there are replaced
// whole, or removed if the artifact no longer has them. Any other file in the way, and
// any link, is an error before anything is written anywhere. Other files in the folder
// are not touched. From the first look to the last file, no other process delivers into
// the folders: of two processes, each one's files are complete or absent. It returns how
// many files it wrote.
func Copies(ctx context.Context, s *store.Store, list ...Copy) (int, error) {
	var todo []*delivery
	var errs []error
	st := artifacts.RealPath(s.Dir())
	settled := true
	for _, p := range list {
		pl := &delivery{s: s, Copy: p, outside: newOutside(p.Dir)}
		todo = append(todo, pl)
		err := apart(s, pl.real, st)
		if err == nil {
			err = pl.nothingAbove()
		}
		if err == nil && settled {
			settled, err = pl.settled()
		}
		if err != nil {
			errs = append(errs, outputError(p, err))
		}
	}
	if err := errors.Join(errs...); settled || err != nil {
		return 0, err
	}
	return carryOut(ctx, s, todo)
}

func outputError(p Copy, err error) error {
	return fmt.Errorf("output %s: %w", filepath.ToSlash(p.Dir), err)
}

// carryOut looks and carries out, while it has the folders to itself.
func carryOut(ctx context.Context, s *store.Store, todo []*delivery) (int, error) {
	release, err := acquireAll(ctx, s, todo)
	defer release()
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, pl := range todo {
		if err := pl.plan(); err != nil {
			errs = append(errs, outputError(pl.Copy, err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	wrote := 0
	for _, pl := range todo {
		n, err := pl.carryOut()
		wrote += n
		if err != nil {
			return wrote, outputError(pl.Copy, err)
		}
	}
	return wrote, nil
}

// acquireAll locks the folders, always in the same order, so that two processes that
// need the same ones do not wait for each other.
func acquireAll(ctx context.Context, s *store.Store, todo []*delivery) (release func(), err error) {
	release = func() {
		for _, pl := range todo {
			pl.release()
		}
	}
	order := slices.SortedFunc(slices.Values(todo), func(a, b *delivery) int { return cmp.Compare(a.real, b.real) })
	for i, pl := range order {
		if i > 0 && order[i-1].real == pl.real { // one folder under two names
			err = pl.open()
		} else {
			err = pl.acquire(ctx, s)
		}
		if err != nil {
			return release, outputError(pl.Copy, err)
		}
	}
	return release, nil
}

// carryOut does what was found to be done. First it remembers all that may lie
// there until it is through, so that a kill at any moment leaves nothing that
// would be taken for somebody else's. Removing comes before writing: a folder
// may become a file, or a file a folder.
func (pl *delivery) carryOut() (int, error) {
	for _, name := range pl.left {
		pl.s.Warn(fmt.Sprintf("%s is no longer part of the output, but was changed since assay put it there; "+
			"it is left alone", pl.path(name)))
	}
	changes := len(pl.write)+len(pl.remove) > 0
	if changes && len(pl.mine) > 0 && pl.by != "" && pl.by != pl.By && pl.Replaces != nil {
		pl.Replaces(pl.by)
	}
	if changes {
		pl.remember(both(pl.mine, pl.Tree), true)
	}
	for _, name := range slices.Sorted(maps.Keys(pl.remove)) {
		if err := pl.drop(name); err != nil {
			return 0, err
		}
	}
	for i, f := range pl.write {
		if err := pl.put(f); err != nil {
			return i, err
		}
	}
	pl.remember(pl.Tree, changes)
	return len(pl.write), nil
}

// remember saves the record of what is in the folder. If that fails, the artifact is
// delivered anyway; if nothing changed, as in a read-only store, there is not even a
// warning.
func (pl *delivery) remember(files artifacts.Tree, changes bool) {
	text := recordText(pl.real, pl.By, files)
	if bytes.Equal(text, pl.record) {
		return
	}
	write := pl.s.WriteFile
	if changes { // the files are flushed too
		write = pl.s.WriteFlushed
	}
	err := write(recordPath(pl.s, pl.real), text)
	if err != nil && changes {
		pl.s.Warn(fmt.Sprintf("cannot record which files in %s assay wrote: %v", pl.Dir, err))
	}
	if err == nil {
		pl.record = text
	}
}

func (pl *delivery) put(f artifacts.File) error {
	b, err := os.ReadFile(pl.s.Path(f.Digest))
	if err != nil {
		return err
	}
	return pl.create(f.Name, disk.Fill(b))
}
