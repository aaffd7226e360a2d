package artifacts

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Result is what one action made.
type Result struct {
	Key     Digest
	Text    []byte // the action's text, which Key is the digest of
	Outputs []Output
	Took    time.Duration
	Notes   []string // what the step counted and warned of, one line each
}

// An Output is one artifact of a result.
type Output struct {
	Port string
	Tree Tree
}

// ErrMiss says that the store has no usable result for a key.
var ErrMiss = errors.New("no result in the store")

const resultHead = "assay result 1"

func (s *Store) resultPath(key Digest) string {
	name := key.String()
	return filepath.Join(s.dir, "actions", name[:2], name)
}

// Record remembers a result whose outputs are in the store.
func (s *Store) Record(r *Result) error {
	var b bytes.Buffer
	fmt.Fprintln(&b, resultHead)
	for _, o := range r.Outputs {
		fmt.Fprintf(&b, "output %s %s\n", o.Port, o.Tree.Digest())
	}
	fmt.Fprintf(&b, "took %s\n", r.Took)
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note %s\n", strconv.Quote(n))
	}
	b.WriteByte('\n')
	b.Write(r.Text)
	return s.writeFile(s.resultPath(r.Key), b.Bytes())
}

// Lookup returns the result of the action named key, or an error that wraps
// ErrMiss. A result counts only if all its blobs are there and whole; if deep
// is set they are all hashed.
func (s *Store) Lookup(key Digest, deep bool) (*Result, error) {
	b, err := os.ReadFile(s.resultPath(key))
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
	return r, nil
}

// ActionText returns the text of an action that was recorded once, even if
// its outputs are gone since.
func (s *Store) ActionText(key Digest) ([]byte, error) {
	b, err := os.ReadFile(s.resultPath(key))
	if err != nil {
		return nil, err
	}
	_, text, _ := bytes.Cut(b, []byte("\n\n"))
	return text, nil
}

func (s *Store) parseResult(key Digest, b []byte, deep bool) (*Result, error) {
	head, text, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != resultHead || Of(text) != key {
		return nil, fmt.Errorf("the record of action %s is damaged", key.Short())
	}
	r := &Result{Key: key, Text: text}
	for _, line := range lines[1:] {
		word, rest, _ := strings.Cut(line, " ")
		var err error
		switch word {
		case "output":
			err = s.parseOutput(r, rest, deep)
		case "took":
			r.Took, err = time.ParseDuration(rest)
		case "note":
			var note string
			note, err = strconv.Unquote(rest)
			r.Notes = append(r.Notes, note)
		}
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (s *Store) parseOutput(r *Result, line string, deep bool) error {
	port, sum, _ := strings.Cut(line, " ")
	d, err := ParseDigest(sum)
	if err != nil {
		return err
	}
	if !s.Whole(d, deep) {
		return fmt.Errorf("the file list of output %s is gone", port)
	}
	t, err := s.ReadTree(d)
	if err != nil {
		return err
	}
	for _, f := range t {
		if !s.Whole(f.Digest, deep) {
			return fmt.Errorf("file %s of output %s is gone", f.Name, port)
		}
	}
	r.Outputs = append(r.Outputs, Output{port, t})
	return nil
}

// Tree returns the artifact of an output port.
func (r *Result) Tree(port string) (Tree, bool) {
	for _, o := range r.Outputs {
		if o.Port == port {
			return o.Tree, true
		}
	}
	return nil, false
}
