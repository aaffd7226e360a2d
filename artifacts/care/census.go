// Package care keeps a store in order: it removes what nothing needs, checks for damage,
// says what uses the space, and keeps pins.
//
// [PlanGC] and [Collect] remove, [Check] looks for damage, [UsageOf] and [UsageByKind]
// count, [PutPin] keeps an artifact by a name. All of them look at the store through a
// census (census.go).
package care

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
)

// A census is the contents of a store, as one walk found them. Blobs are numbered, so
// the blobs of a result are a short list of numbers.
type census struct {
	s       *store.Store
	number  map[artifacts.Digest]int
	blobs   []countedBlob
	results []*held
	byKey   map[artifacts.Digest]*held
	damaged []damagedRecord
	trees   map[artifacts.Digest][]int // blobs of the trees read so far
	odd     []oddFile                  // memos of sources and notes of recipes
	strays  []oddFile                  // files that do not belong to the store
}

type countedBlob struct {
	digest artifacts.Digest
	size   int64
}

// held is a result, with what the store has of it.
type held struct {
	key     artifacts.Digest
	kind    string
	outputs []artifacts.NamedTree
	took    time.Duration
	used    time.Time
	size    int64 // of the record
	blobs   []int // files and lists of its outputs, and the lists of what it read
}

// damagedRecord is a record that cannot be read, so it cannot be a hit.
type damagedRecord struct {
	key  artifacts.Digest
	size int64
}

// oddFile is a file in the store that is neither a blob nor a record.
type oddFile struct {
	path string
	size int64
	used time.Time
}

// takeCensus reads every record and every tree, and stats every blob. It lists records
// first: then the blobs that they name exist, also while other processes work.
func takeCensus(ctx context.Context, s *store.Store) (*census, error) {
	c := &census{s: s, number: map[artifacts.Digest]int{}, byKey: map[artifacts.Digest]*held{},
		trees: map[artifacts.Digest][]int{}}
	type listed struct {
		key artifacts.Digest
		st  fs.FileInfo
	}
	var records []listed
	err := walk(ctx, s, "actions", func(d artifacts.Digest, st fs.FileInfo) error {
		records = append(records, listed{d, st})
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	err = walk(ctx, s, "blobs", func(d artifacts.Digest, st fs.FileInfo) error {
		c.number[d] = len(c.blobs)
		c.blobs = append(c.blobs, countedBlob{d, st.Size()})
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if err := errors.Join(ctx.Err(), c.addRecord(r.key, r.st)); err != nil {
			return nil, err
		}
	}
	for _, sub := range []string{"sources", "recipes"} {
		files, err := listFiles(s, sub)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if f.isForm(sub) {
				c.odd = append(c.odd, f)
			} else {
				c.strays = append(c.strays, f)
			}
		}
	}
	return c, nil
}

// addRecord adds a result with the blobs that it needs: the trees of its outputs, and
// the texts of the trees it read. A record that cannot be read is listed as damaged.
func (c *census) addRecord(key artifacts.Digest, st fs.FileInfo) error {
	b, err := os.ReadFile(c.s.ResultPath(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // collected by another process since
	}
	if err != nil {
		return err
	}
	r, err := artifacts.ParseRecord(key, b)
	if err != nil {
		c.damaged = append(c.damaged, damagedRecord{key, st.Size()})
		return nil
	}
	a := r.Action()
	h := &held{key: key, kind: a.Kind, outputs: r.Outputs, took: r.Took, used: st.ModTime(), size: st.Size()}
	for _, o := range r.Outputs {
		h.blobs = append(h.blobs, c.tree(o.Tree)...)
	}
	for _, in := range a.Inputs {
		if id, ok := c.number[in.Tree]; ok {
			h.blobs = append(h.blobs, id)
		}
	}
	slices.Sort(h.blobs)
	h.blobs = slices.Compact(h.blobs)
	c.results = append(c.results, h)
	c.byKey[key] = h
	return nil
}

// tree returns the existing blobs of a tree: its text and its files. If the text is
// missing or damaged, it returns none.
func (c *census) tree(d artifacts.Digest) []int {
	if ids, ok := c.trees[d]; ok {
		return ids
	}
	var ids []int
	if id, ok := c.number[d]; ok {
		ids = append(ids, id)
	}
	if t, err := c.s.ReadTree(d); err == nil {
		for _, f := range t {
			if id, ok := c.number[f.Digest]; ok {
				ids = append(ids, id)
			}
		}
	}
	c.trees[d] = ids
	return ids
}

// walk visits the files of "blobs" or "actions" in the order of their names, folder by
// folder. It calls stray, which may be nil, with files that do not belong there.
func walk(ctx context.Context, s *store.Store, sub string, visit func(artifacts.Digest, fs.FileInfo) error,
	stray func(path string) error) error {
	odd := func(path string) error {
		if stray == nil {
			return nil
		}
		return stray(path)
	}
	root := filepath.Join(s.Dir(), sub)
	folders, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		dir := filepath.Join(root, folder.Name())
		if !folder.IsDir() || len(folder.Name()) != 2 {
			if err := odd(dir); err != nil {
				return err
			}
			continue
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := visitFile(ctx, s, dir, f, visit, odd); err != nil {
				return err
			}
		}
	}
	return nil
}

// visitFile calls visit with a file whose name and folder have the form of the store's
// own files, and odd with any other.
func visitFile(ctx context.Context, s *store.Store, dir string, f fs.DirEntry, visit func(artifacts.Digest,
	fs.FileInfo) error,
	odd func(string) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, err := artifacts.ParseDigest(f.Name())
	if err != nil || d.String() != f.Name() || f.Name()[:2] != filepath.Base(dir) || f.IsDir() {
		return odd(filepath.Join(dir, f.Name()))
	}
	st, err := f.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return nil // removed by another process since
	}
	if err != nil {
		return err
	}
	return visit(d, st)
}

// listFiles lists the plain files of one of the store's small folders.
func listFiles(s *store.Store, sub string) ([]oddFile, error) {
	list, err := os.ReadDir(filepath.Join(s.Dir(), sub))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []oddFile
	for _, e := range list {
		if st, err := e.Info(); err == nil && st.Mode().IsRegular() {
			out = append(out, oddFile{filepath.Join(s.Dir(), sub, e.Name()), st.Size(), st.ModTime()})
		}
	}
	return out, err
}
