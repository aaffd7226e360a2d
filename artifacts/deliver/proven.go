package deliver

import (
	"errors"
	"io/fs"
	"path/filepath"

	"assay/artifacts"
)

// proven returns the files of the folder that a lock shows to be assay's, if the store
// has no record of it: those that equal the artifact that the lock names or, if not even
// its list of files is left, all of them if together they are that artifact.
func (pl *delivery) proven(locked artifacts.Digest) artifacts.Tree {
	if locked == (artifacts.Digest{}) {
		return nil
	}
	t, err := pl.s.ReadTree(locked)
	if err != nil {
		if t, err = treeOf(pl.real); err != nil || t.Digest() != locked {
			return nil
		}
		return t
	}
	var there artifacts.Tree
	for _, f := range t {
		if ok, _ := pl.there(f); ok {
			there = append(there, f)
		}
	}
	return there
}

// maxProof is the maximum number of files that are hashed to find out what a folder is:
// somebody may have named a home folder.
const maxProof = 10_000

var errNoProof = errors.New("the folder has too many files, or other things than files")

// treeOf returns the tree of the files in a folder.
func treeOf(dir string) (artifacts.Tree, error) {
	var t artifacts.Tree
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if !e.Type().IsRegular() || len(t) == maxProof {
			return errNoProof
		}
		rel, err := filepath.Rel(dir, path)
		t = append(t, artifacts.File{Name: filepath.ToSlash(rel)})
		return err
	})
	for i := 0; i < len(t) && err == nil; i++ {
		t[i].Digest, err = artifacts.HashFile(filepath.Join(dir, filepath.FromSlash(t[i].Name)))
	}
	artifacts.SortTree(t)
	return t, err
}
