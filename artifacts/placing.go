package artifacts

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// placing is a publication whose folder was looked at: what is to be done there,
// and what is in its way.
type placing struct {
	s *Store
	Publication
	folder string // Dir's real path
	record []byte // what the store remembers of it, as it is written
	mine   Tree   // what assay put there; a name may be there twice

	write  Tree            // what is not there as it should be
	remove map[string]bool // what the artifact lacks now
	left   []string        // the same, changed since
	clash  []string        // what is in the way, for people
}

// lookAt finds out what it takes to publish. It changes nothing. store is the
// store's real path.
func (s *Store) lookAt(p Publication, store string) (*placing, error) {
	pl := &placing{s: s, Publication: p, folder: RealPath(p.Dir)}
	if err := s.apart(pl.folder, store); err != nil {
		return nil, err
	}
	for _, f := range p.Tree {
		if !pl.there(f) {
			pl.write = append(pl.write, f)
		}
	}
	pl.record = s.readPublished(pl.folder)
	if len(pl.write) == 0 && bytes.Equal(pl.record, publishedText(pl.folder, p.Tree)) {
		return pl, nil // as nearly always
	}
	mine, known := parsePublished(pl.folder, pl.record)
	pl.mine = mine
	if err := pl.judge(); err != nil {
		return nil, err
	}
	if len(pl.clash) > 0 && !known && p.Locked != nil {
		pl.mine = pl.proven(p.Locked())
		if err := pl.judge(); err != nil {
			return nil, err
		}
	}
	return pl, pl.clashes()
}

// apart refuses a folder that the store shares files with.
func (s *Store) apart(folder, store string) error {
	switch {
	case Within(folder, store):
		return fmt.Errorf("this folder lies in the store %s, where only the store's own files may be; name another one", s.dir)
	case Within(store, folder):
		return fmt.Errorf("the store %s lies in this folder; name another one, as a folder below it", s.dir)
	}
	return nil
}

func (pl *placing) path(name string) string {
	return filepath.Join(pl.Dir, filepath.FromSlash(name))
}

// there reports whether a file lies in the folder as it should.
func (pl *placing) there(f File) bool {
	st, err := os.Stat(pl.path(f.Name))
	if err != nil || !st.Mode().IsRegular() {
		return false
	}
	d, err := hashFile(pl.path(f.Name))
	return err == nil && d == f.Digest
}

// judge finds what is to be removed, and what is in the way of what is to be
// written.
func (pl *placing) judge() error {
	pl.clash, pl.left, pl.remove = nil, nil, map[string]bool{}
	own := map[string]bool{}
	for _, f := range pl.mine {
		own[f.Name] = true
		if _, still := pl.Tree.Lookup(f.Name); !still {
			pl.stale(f.Name)
		}
	}
	for _, f := range pl.write {
		clash, err := pl.inTheWay(f.Name, own[f.Name])
		if err != nil {
			return err
		}
		if clash != "" && !slices.Contains(pl.clash, clash) {
			pl.clash = append(pl.clash, clash)
		}
		if !pl.s.Whole(f.Digest, false) {
			return fmt.Errorf("file %s is no longer whole in the store; make it anew with: assay run", f.Name)
		}
	}
	return nil
}

// stale decides about a file that assay put there and the artifact lacks now.
func (pl *placing) stale(name string) {
	st, err := os.Lstat(pl.path(name))
	if err != nil || slices.Contains(pl.left, name) {
		return
	}
	if st.Mode().IsRegular() {
		if d, err := hashFile(pl.path(name)); err == nil && slices.Contains(pl.mine, File{name, d}) {
			pl.remove[name] = true
			return
		}
	}
	pl.left = append(pl.left, name)
}

// inTheWay says what keeps a file from being written: something that is there in
// its stead, unless assay put it there, or a file where a folder should be. It
// returns "" if nothing does.
func (pl *placing) inTheWay(name string, own bool) (string, error) {
	st, err := os.Lstat(pl.path(name))
	switch {
	case err == nil && st.IsDir() && !pl.vanishes(name):
		return pl.path(name) + " (a folder, where a file should be)", nil
	case err == nil && (own || st.IsDir()):
		return "", nil
	case err == nil:
		return pl.path(name), nil
	case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
		return "", err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if pl.remove[dir] {
			return "", nil
		}
		if folder, other := isFolder(pl.path(dir)); folder || other {
			return notFolder(pl.path(dir), other), nil
		}
	}
	for dir := pl.Dir; ; dir = filepath.Dir(dir) {
		if folder, other := isFolder(dir); folder || other || dir == filepath.Dir(dir) {
			return notFolder(dir, other), nil
		}
	}
}

// isFolder reports whether a folder is at path, or something else is.
func isFolder(path string) (folder, other bool) {
	if st, err := os.Stat(path); err == nil {
		return st.IsDir(), !st.IsDir()
	}
	_, err := os.Lstat(path) // a link that leads nowhere
	return false, err == nil
}

func notFolder(path string, other bool) string {
	if !other {
		return ""
	}
	return path + " (a file, where a folder should be)"
}

// vanishes reports whether a folder goes when all in it that is stale does.
func (pl *placing) vanishes(name string) bool {
	list, err := os.ReadDir(pl.path(name))
	if err != nil || len(list) == 0 {
		return false
	}
	for _, e := range list {
		sub := path.Join(name, e.Name())
		if e.IsDir() && !pl.vanishes(sub) || !e.IsDir() && !pl.remove[sub] {
			return false
		}
	}
	return true
}

// maxClashes is how many files in the way are named.
const maxClashes = 3

// clashes is the error that says what is in the way.
func (pl *placing) clashes() error {
	n := len(pl.clash)
	if n == 0 {
		return nil
	}
	names := slices.Clone(pl.clash[:min(n, maxClashes)])
	if n > maxClashes {
		names = append(names, fmt.Sprintf("%d more", n-maxClashes))
	}
	what := names[0]
	if last := len(names) - 1; last > 0 {
		what = strings.Join(names[:last], ", ") + " and " + names[last]
	}
	verb, it := "is", "it"
	if n > 1 {
		verb, it = "are", "them"
	}
	return fmt.Errorf("%s %s in the way, and assay did not put %s there; nothing was replaced, and the artifact is in the store. Move or remove %s, then run again, which will compute nothing",
		what, verb, it, it)
}
