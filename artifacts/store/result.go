package store

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"assay/artifacts"
)

// A Result is what one action made.
type Result struct {
	Key     artifacts.Digest
	Text    []byte // the action's text, which Key is the digest of
	Outputs []Output
	Took    time.Duration
	Notes   []artifacts.Note // what the step counted and warned of
}

// An Output is one artifact of a result.
type Output struct {
	Port string
	Tree artifacts.Tree
}

// ErrMiss says that the store has no usable result for a key.
var ErrMiss = errors.New("no result in the store")

// ResultPath returns where the record of an action lies, or would lie.
func (s *Store) ResultPath(key artifacts.Digest) string {
	name := make([]byte, 0, len(s.dir)+len("/actions/ab/")+2*len(key))
	name = append(append(name, s.dir...), "/actions/"...)
	name = append(hex.AppendEncode(name, key[:1]), '/')
	return string(hex.AppendEncode(name, key[:]))
}

// PutResult remembers a result whose outputs are in the store.
func (s *Store) PutResult(r *Result) error {
	rec := &artifacts.Record{Text: r.Text, Took: r.Took, Notes: r.Notes}
	for _, o := range r.Outputs {
		rec.Outputs = append(rec.Outputs, artifacts.NamedTree{Name: o.Port, Tree: o.Tree.Digest()})
	}
	return s.WriteFile(s.ResultPath(r.Key), rec.Format())
}

// Lookup returns the result of the action named key, or an error that wraps
// ErrMiss. A result counts only if all its blobs are there and whole; if deep
// is set they are all hashed.
func (s *Store) Lookup(key artifacts.Digest, deep bool) (*Result, error) {
	rec, err := s.Record(key)
	if err != nil {
		return nil, err
	}
	r := &Result{Key: key, Text: rec.Text, Took: rec.Took, Notes: rec.Notes}
	for _, o := range rec.Outputs {
		t, err := s.wholeTree(o, deep)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMiss, err)
		}
		r.Outputs = append(r.Outputs, Output{o.Name, t})
	}
	s.MarkUsed(s.ResultPath(key))
	return r, nil
}

// Record returns the record of an action, also if its outputs are gone since. Without
// one that can be read, the error wraps [ErrMiss].
func (s *Store) Record(key artifacts.Digest) (*artifacts.Record, error) {
	b, err := os.ReadFile(s.ResultPath(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMiss
	}
	if err != nil {
		return nil, err
	}
	rec, err := artifacts.ParseRecord(key, b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMiss, err)
	}
	return rec, nil
}

// wholeTree returns an output whose files are all there.
func (s *Store) wholeTree(o artifacts.NamedTree, deep bool) (artifacts.Tree, error) {
	if !s.Whole(o.Tree, deep) {
		return nil, fmt.Errorf("the file list of output %s is gone", o.Name)
	}
	t, err := s.ReadTree(o.Tree)
	if err != nil {
		return nil, err
	}
	for _, f := range t {
		if !s.Whole(f.Digest, deep) {
			return nil, fmt.Errorf("file %s of output %s is gone", f.Name, o.Name)
		}
	}
	return t, nil
}

// Tree returns the artifact of an output port.
func (r *Result) Tree(port string) (artifacts.Tree, bool) {
	for _, o := range r.Outputs {
		if o.Port == port {
			return o.Tree, true
		}
	}
	return nil, false
}

// Same reports whether two results have the same artifacts.
func (r *Result) Same(o *Result) bool {
	if len(r.Outputs) != len(o.Outputs) {
		return false
	}
	for i := range r.Outputs {
		if r.Outputs[i].Port != o.Outputs[i].Port || r.Outputs[i].Tree.Digest() != o.Outputs[i].Tree.Digest() {
			return false
		}
	}
	return true
}
