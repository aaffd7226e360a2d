package store

import (
	"assay/artifacts"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// A Result is what one action made.
type Result struct {
	Key     artifacts.Digest
	Text    []byte // the action's text, which Key is the digest of
	Outputs []Output
	Took    time.Duration
	Notes   []string // what the step counted and warned of, one line each
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
	name := key.String()
	return filepath.Join(s.dir, "actions", name[:2], name)
}

// Record remembers a result whose outputs are in the store.
func (s *Store) Record(r *Result) error {
	rec := &artifacts.Record{Text: r.Text, Took: r.Took, Notes: r.Notes}
	for _, o := range r.Outputs {
		rec.Outputs = append(rec.Outputs, artifacts.RecordedOutput{Port: o.Port, Tree: o.Tree.Digest()})
	}
	return s.WriteFile(s.ResultPath(r.Key), rec.Format())
}

// Lookup returns the result of the action named key, or an error that wraps
// ErrMiss. A result counts only if all its blobs are there and whole; if deep
// is set they are all hashed.
func (s *Store) Lookup(key artifacts.Digest, deep bool) (*Result, error) {
	b, err := os.ReadFile(s.ResultPath(key))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrMiss
	}
	if err != nil {
		return nil, err
	}
	r, err := s.parseResult(key, b, deep)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMiss, err)
	}
	s.touch(s.ResultPath(key))
	return r, nil
}

// ActionText returns the text of an action that was recorded once, even if
// its outputs are gone since.
func (s *Store) ActionText(key artifacts.Digest) ([]byte, error) {
	b, err := os.ReadFile(s.ResultPath(key))
	if err != nil {
		return nil, err
	}
	_, text, _ := bytes.Cut(b, []byte("\n\n"))
	return text, nil
}

// parseResult reads a record and looks for what it names.
func (s *Store) parseResult(key artifacts.Digest, b []byte, deep bool) (*Result, error) {
	rec, err := artifacts.ParseRecord(key, b)
	if err != nil {
		return nil, err
	}
	r := &Result{Key: key, Text: rec.Text, Took: rec.Took, Notes: rec.Notes}
	for _, o := range rec.Outputs {
		t, err := s.wholeTree(o, deep)
		if err != nil {
			return nil, err
		}
		r.Outputs = append(r.Outputs, Output{o.Port, t})
	}
	return r, nil
}

// wholeTree returns an output whose files are all there.
func (s *Store) wholeTree(o artifacts.RecordedOutput, deep bool) (artifacts.Tree, error) {
	if !s.Whole(o.Tree, deep) {
		return nil, fmt.Errorf("the file list of output %s is gone", o.Port)
	}
	t, err := s.ReadTree(o.Tree)
	if err != nil {
		return nil, err
	}
	for _, f := range t {
		if !s.Whole(f.Digest, deep) {
			return nil, fmt.Errorf("file %s of output %s is gone", f.Name, o.Port)
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
