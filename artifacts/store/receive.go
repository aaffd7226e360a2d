package store

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"assay/artifacts"
)

// ErrOtherContent says that what came is not what its name says.
var ErrOtherContent = errors.New("the content is not what its digest says")

// Receive makes the blob d of what fill writes, as when it comes from another machine. The
// blob gets its name only if the content has that digest; otherwise the error wraps
// [ErrOtherContent] and nothing is kept.
func (s *Store) Receive(d artifacts.Digest, fill func(io.Writer) error) error {
	f, err := s.work.File()
	if err != nil {
		return err
	}
	if err := s.receive(f, d, fill); err != nil {
		os.Remove(f.Name())
		return err
	}
	return nil
}

// receive fills the file f and moves it to its name.
func (s *Store) receive(f *os.File, d artifacts.Digest, fill func(io.Writer) error) error {
	defer f.Close()
	h := sha256.New()
	if err := fill(io.MultiWriter(f, h)); err != nil {
		return err
	}
	if got := artifacts.Digest(h.Sum(nil)); got != d {
		return fmt.Errorf("%w: %s came in place of %s", ErrOtherContent, got.Short(), d.Short())
	}
	if err := f.Chmod(BlobMode); err != nil {
		return err
	}
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if err := errors.Join(f.Close(), moveTo(f.Name(), s.Path(d))); err != nil {
		return err
	}
	s.unsealed.add(s, d, st)
	return nil
}

// Lacks returns the files of a tree that the store has not, each once.
func (s *Store) Lacks(t artifacts.Tree) []artifacts.Digest {
	var out []artifacts.Digest
	seen := map[artifacts.Digest]bool{}
	for _, f := range t {
		if !seen[f.Digest] && !s.Whole(f.Digest, false) {
			out = append(out, f.Digest)
		}
		seen[f.Digest] = true
	}
	return out
}
