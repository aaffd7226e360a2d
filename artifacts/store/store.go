// Package store keeps artifacts and the results of actions in a folder.
//
// [Open] a [Store], [Store.Commit] a directory to it, [Store.ReadTree] and [Store.FS] to
// read it back, [Store.Record] and [Store.Lookup] for the results of actions, and
// [Store.Scan] for data that lies outside. Read the comment of Store first: it says what
// lies where. seal.go says how little is flushed, and why that is safe.
package store

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/gofrs/flock"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/work"
)

// A Store is a directory that holds artifacts and the results of actions:
//
//	format            what this folder is, see format.go
//	blobs/ab/abcd…    files, and the texts of trees, by digest
//	actions/ab/abcd…  results of actions, by action key, with the key's text
//	sources/…         digests remembered of data outside the store
//	recipes/…         what each recipe made last
//	published/…       which files assay put where outside the store
//	pins/…            what is kept by name
//	tmp/…             work under way; nothing there is needed after a crash
//	lock              what processes hold a kernel lock on while they use the store
//	actions.lock      the same of actions under way
//
// Several processes may use one store at once. Everything in it appears by
// rename, complete. A blob is read-only and its modification time is [sealed],
// so a check of it is one stat; see there for what any other time means.
type Store struct {
	dir   string
	warn  func(string)
	made  bool         // by this process
	guard *flock.Flock // shared with the processes that use the store; nil if it cannot be written to

	mu    sync.Mutex
	locks *actionLocks // opened when first needed

	work     *work.Area
	unsealed unsealed

	cannotClone atomic.Bool // the file system was asked
}

// Open opens the store at dir, or makes one if nothing is there. A folder in which
// other things lie is an error. If another process cleans the store, Open waits for
// that to end. Warnings, also about damage that was found and put right, go to warn.
func Open(dir string, warn func(string)) (*Store, error) {
	s := &Store{dir: dir, warn: warn, work: work.NewArea(filepath.Join(dir, "tmp")),
		unsealed: unsealed{every: sealEvery}}
	var err error
	for range openTries {
		var made bool
		made, err = claim(dir)
		s.made = s.made || made
		if err == nil {
			err = makeFolders(dir)
		}
		if err == nil {
			err = s.share()
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue // whoever made the store discarded it meanwhile
		case err != nil:
			return nil, fmt.Errorf("the store cannot be used (choose another folder with --store): %w", err)
		case s.guard == nil || disk.SameFile(s.guard, s.guard.Path()):
			return s, nil
		}
		s.unshare()
	}
	return nil, fmt.Errorf("the store cannot be opened, since others make and discard it all the time: %w", err)
}

// BlobMode is the mode of a whole blob.
const BlobMode fs.FileMode = 0o444

// openTries is how often a store that is discarded as it is opened is opened again.
const openTries = 100

// Close seals what is new, removes the process's own working files and lets go
// of the store. A store that it made and put nothing into goes away again.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	sealing := make(chan error, 1)
	go func() { sealing <- s.unsealed.seal(s) }()
	err := s.work.Close()
	if err != nil {
		s.warn(err.Error())
	}
	err = errors.Join(err, <-sealing)
	if s.locks != nil {
		err = errors.Join(err, s.locks.close())
		s.locks = nil
	}
	if s.made {
		s.made = false
		s.discard()
	}
	return errors.Join(err, s.unshare())
}

// Dir returns the folder that the store is.
func (s *Store) Dir() string { return s.dir }

// Warn tells the person who uses the store something that stops nothing.
func (s *Store) Warn(msg string) { s.warn(msg) }

// Path returns where the blob d lies, or would lie.
func (s *Store) Path(d artifacts.Digest) string {
	name := make([]byte, 0, len(s.dir)+len("/blobs/ab/")+2*len(d))
	name = append(append(name, s.dir...), "/blobs/"...)
	name = append(hex.AppendEncode(name, d[:1]), '/')
	return string(hex.AppendEncode(name, d[:]))
}

// Whole reports whether the blob d is there and undamaged. It hashes the blob
// only if it is not sealed, or if deep is set; a damaged blob is removed, with a
// warning.
func (s *Store) Whole(d artifacts.Digest, deep bool) bool {
	path := s.Path(d)
	st, err := os.Lstat(path)
	if err != nil || !st.Mode().IsRegular() { // a link is somebody's; a blob is put in its place
		return false
	}
	if !deep && (st.ModTime().Equal(Sealed) || s.unsealed.trusts(d, st)) {
		return true
	}
	if got, err := artifacts.HashFile(path); err == nil && got == d {
		if !st.ModTime().Equal(Sealed) && disk.FlushFile(path) == nil {
			os.Chtimes(path, Sealed, Sealed) // only saves the next hash
		}
		return true
	}
	s.warn(fmt.Sprintf("blob %s in the store is damaged%s; it is made again", d.Short(), writerOf(path)))
	if st, err := os.Lstat(filepath.Dir(path)); err == nil && st.IsDir() { // what a link leads to is not the store's
		os.Remove(path)
	}
	return false
}

// writerOf says that somebody writes to a blob, if that is known.
func writerOf(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	if !disk.HasWriter(f) {
		return ""
	}
	return ": a process, maybe one that a step left behind, has it open and writes to it"
}

// PutTree stores the text of a tree whose files are in the store. It is not
// waited for on its way to the disk, since ReadTree hashes what it reads.
func (s *Store) PutTree(t artifacts.Tree) error {
	text := t.Text()
	d := artifacts.Of(text)
	if s.Whole(d, false) {
		return nil
	}
	path, err := s.writeTemp(text, BlobMode)
	if err != nil {
		return err
	}
	if err := os.Chtimes(path, Sealed, Sealed); err != nil {
		return err
	}
	return s.moveTo(path, s.Path(d))
}

// moveTo renames a file to a two-level name, and makes its folder if necessary.
func (s *Store) moveTo(from, to string) error {
	err := os.Rename(from, to)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// ReadTree returns the tree named d.
func (s *Store) ReadTree(d artifacts.Digest) (artifacts.Tree, error) {
	text, err := os.ReadFile(s.Path(d))
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", d.Short(), err)
	}
	if artifacts.Of(text) != d {
		s.Whole(d, true) // takes it away, so that it can be made again
		return nil, fmt.Errorf("tree %s is damaged", d.Short())
	}
	t, err := artifacts.ParseTree(text)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", d.Short(), err)
	}
	return t, nil
}

// FS returns the files of a tree, read in place from the store.
func (s *Store) FS(t artifacts.Tree) fs.FS {
	return storeFS{artifacts.NewFS(t, func(name string) string {
		d, _ := t.Lookup(name)
		return s.Path(d)
	}), s, t}
}

// storeFS is a tree that is in a store.
type storeFS struct {
	*artifacts.TreeFS
	store *Store
	tree  artifacts.Tree
}

// WriteFile writes a file so that whoever reads it sees it whole. What is written
// so can tell that it is damaged, and losing it costs time and nothing else: it
// is not waited for on its way to the disk.
func (s *Store) WriteFile(path string, b []byte) error {
	tmp, err := s.writeTemp(b, 0o644)
	if err != nil {
		return err
	}
	return s.moveTo(tmp, path)
}

// WriteFlushed is [Store.WriteFile] for what must not be lost.
func (s *Store) WriteFlushed(path string, b []byte) error {
	tmp, err := s.writeTemp(b, 0o644)
	if err != nil {
		return err
	}
	f, err := os.Open(tmp)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return s.moveTo(tmp, path)
}

// writeTemp writes b to a file of this process.
func (s *Store) writeTemp(b []byte, mode fs.FileMode) (string, error) {
	path, err := s.work.File()
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return "", err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}

// Scratch makes a folder for an action, see [work.Area.Scratch].
func (s *Store) Scratch(folders ...string) (*work.Scratch, error) { return s.work.Scratch(folders...) }
