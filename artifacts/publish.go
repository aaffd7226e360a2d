package artifacts

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// A Publication is an artifact, and the folder outside the store that is to
// hold it.
type Publication struct {
	Tree Tree
	Dir  string
	// Locked returns the artifact that a lock says was last put there, zero if
	// none does. It is asked where the store's own memory fails; it may be nil.
	Locked func() Digest
}

// Publish makes the files of each artifact lie below its folder. Files that are
// there as they should be are left alone. Of the others, those that assay put
// there are replaced whole, or removed if the artifact lacks them now. Any other
// that is in the way is an error before anything is written anywhere; what else
// lies in a folder is not touched. It returns how many files it wrote.
func (s *Store) Publish(list ...Publication) (int, error) {
	var todo []*placing
	var errs []error
	store := RealPath(s.dir)
	for _, p := range list {
		pl, err := s.lookAt(p, store)
		if err != nil {
			errs = append(errs, outputError(p, err))
		}
		todo = append(todo, pl)
	}
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	wrote := 0
	for _, pl := range todo {
		n, err := pl.carryOut()
		wrote += n
		if err != nil {
			return wrote, outputError(pl.Publication, err)
		}
	}
	return wrote, nil
}

func outputError(p Publication, err error) error {
	return fmt.Errorf("output %s: %w", filepath.ToSlash(p.Dir), err)
}

// carryOut does what was found to be done. First it remembers all that may lie
// there until it is through, so that a kill at any moment leaves nothing that
// would be taken for somebody else's. Removing comes before writing: a folder
// may become a file, or a file a folder.
func (pl *placing) carryOut() (int, error) {
	for _, name := range pl.left {
		pl.s.warn(fmt.Sprintf("%s is no longer part of the output, and was changed since assay put it there; it is left alone", pl.path(name)))
	}
	changes := len(pl.write)+len(pl.remove) > 0
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

// remember keeps the record of what lies in the folder. That it cannot be kept
// is no reason to keep the artifact from people; where nothing changed, as in a
// store that cannot be written to, it is not even worth a word.
func (pl *placing) remember(files Tree, changes bool) {
	text := publishedText(pl.folder, files)
	if bytes.Equal(text, pl.record) {
		return
	}
	write := pl.s.writeFile
	if changes { // the files are flushed too
		write = pl.s.writeFlushed
	}
	err := write(pl.s.publishedPath(pl.folder), text)
	if err != nil && changes {
		pl.s.warn(fmt.Sprintf("that the files in %s are assay's cannot be remembered: %v", pl.Dir, err))
	}
	if err == nil {
		pl.record = text
	}
}

// drop removes a file, and the folders that are empty without it.
func (pl *placing) drop(name string) error {
	if err := os.Remove(pl.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		// A link to a folder is somebody's work, and would go without being empty.
		if st, err := os.Lstat(pl.path(dir)); err != nil || !st.IsDir() {
			return nil
		}
		if os.Remove(pl.path(dir)) != nil {
			return nil
		}
	}
	return nil
}

func (pl *placing) put(f File) error {
	b, err := os.ReadFile(pl.s.Path(f.Digest))
	if err != nil {
		return err
	}
	return replaceFile(pl.path(f.Name), b)
}

// replaceFile writes a file outside the store so that a reader, or a crash,
// sees the old one or the new one and nothing between.
func replaceFile(path string, b []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".assay-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}
