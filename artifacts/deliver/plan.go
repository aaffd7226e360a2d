package deliver

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/artifacts/store"
)

// delivery is a Copy whose folder was inspected: what to do there, and what is in the
// way.
type delivery struct {
	s *store.Store
	Copy
	*outside
	record []byte         // the text that the store has of it
	mine   artifacts.Tree // what assay put there; a name may occur twice
	by     string         // what put it there
	known  bool           // whether the store has a record

	write  artifacts.Tree  // files that are missing or differ
	remove map[string]bool // files that the artifact no longer has
	left   []string        // the same, but changed since assay put them there
	clash  []string        // what is in the way, for messages
}

// settled reports whether everything in the folder is right and recorded, which is the
// usual case. It changes nothing and needs no lock.
func (pl *delivery) settled() (bool, error) {
	if err := pl.open(); err != nil || pl.root == nil {
		return false, err
	}
	defer pl.shut()
	if !bytes.Equal(readRecord(pl.s, pl.real), recordText(pl.real, pl.By, pl.Tree)) {
		return false, nil
	}
	for _, f := range pl.Tree {
		if there, err := pl.there(f); !there || err != nil {
			return false, err
		}
	}
	return true, nil
}

// plan finds out what to do in a folder that no other process changes meanwhile. It
// changes nothing.
func (pl *delivery) plan() error {
	pl.record = readRecord(pl.s, pl.real)
	pl.mine, pl.by, pl.known = parseRecord(pl.real, pl.record)
	for _, f := range pl.Tree {
		there, err := pl.there(f)
		if err != nil {
			return err
		}
		if !there {
			pl.write = append(pl.write, f)
		}
	}
	if err := pl.judge(); err != nil {
		return err
	}
	if len(pl.clash) > 0 && !pl.known && pl.Locked != nil {
		pl.mine = pl.proven(pl.Locked())
		if err := pl.judge(); err != nil {
			return err
		}
	}
	return inTheWay(pl.clash...)
}

// apart refuses a folder that overlaps with the store, whose real path is given.
func apart(s *store.Store, folder, st string) error {
	switch {
	case artifacts.Within(folder, st):
		return fmt.Errorf("this folder lies in the store %s, which may only contain its own files; name another one",
			s.Dir())
	case artifacts.Within(st, folder):
		return fmt.Errorf("the store %s lies in this folder; name another one, such as a folder below it", s.Dir())
	}
	return nil
}

// there reports whether a file in the folder is right.
func (pl *delivery) there(f artifacts.File) (bool, error) {
	sp, err := pl.look(f.Name)
	if err != nil || sp.st == nil || !sp.st.Mode().IsRegular() {
		return false, err
	}
	same, err := pl.holds(f.Name, f.Digest)
	return same && err == nil, nil // an unreadable file counts as different
}

// judge finds what to remove, and what is in the way of the files to write.
func (pl *delivery) judge() error {
	pl.clash, pl.left, pl.remove = nil, nil, map[string]bool{}
	own := map[string]bool{}
	for _, f := range pl.mine {
		own[f.Name] = true
		if _, still := pl.Tree.Lookup(f.Name); !still {
			if err := pl.stale(f.Name); err != nil {
				return err
			}
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
			return fmt.Errorf("file %s is damaged in the store; make it again with: assay run", f.Name)
		}
	}
	return nil
}

// stale decides about a file that assay put there and the artifact no longer has.
func (pl *delivery) stale(name string) error {
	sp, err := pl.look(name)
	if err != nil || slices.Contains(pl.left, name) || sp.st == nil && !sp.link {
		return err
	}
	if sp.st != nil && sp.st.Mode().IsRegular() {
		for _, f := range pl.mine {
			if f.Name != name {
				continue
			}
			if same, err := pl.holds(name, f.Digest); err == nil && same {
				pl.remove[name] = true
				return nil
			}
		}
	}
	pl.left = append(pl.left, name)
	return nil
}

// inTheWay says what prevents a file from being written: something else at its path that
// assay did not put there, a link, or a file in place of a folder. It returns "" if
// nothing does.
func (pl *delivery) inTheWay(name string, own bool) (string, error) {
	sp, err := pl.look(name)
	switch {
	case err != nil:
		return "", err
	case sp.link:
		return pl.path(sp.blocked) + " (a link)", nil
	case sp.blocked != "" && pl.remove[sp.blocked], sp.blocked == "" && sp.st == nil:
		return "", nil
	case sp.blocked != "":
		return pl.path(sp.blocked) + " (a file in place of a folder)", nil
	case sp.st.Mode()&fs.ModeSymlink != 0:
		return pl.path(name) + " (a link)", nil
	case sp.st.IsDir() && !pl.vanishes(name):
		return pl.path(name) + " (a folder in place of a file)", nil
	case own || sp.st.IsDir():
		return "", nil
	}
	return pl.path(name), nil
}

// vanishes reports whether a folder disappears when its stale files are removed.
func (pl *delivery) vanishes(name string) bool {
	dir, err := pl.root.Open(name)
	if err != nil {
		return false
	}
	defer dir.Close()
	list, err := dir.ReadDir(-1)
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

// inTheWay is the error that lists what is in the way; nil if nothing is.
func inTheWay(clash ...string) error {
	n := len(clash)
	if n == 0 {
		return nil
	}
	names := slices.Clone(clash[:min(n, maxClashes)])
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
	return fmt.Errorf("%s %s in the way, and assay did not put %s there; nothing was replaced, and the artifact is "+
		"in the store. Move or remove %s, then run again, which will compute nothing",
		what, verb, it, it)
}
