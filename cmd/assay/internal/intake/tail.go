package intake

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
)

// A tail reads a file that grows. A file of the same name that takes its place is read from its
// beginning once the old one is read; so is one that was cut off.
type tail struct {
	source, path string

	file   *os.File
	offset int64 // of what is read
	buf    []byte
	rest   []byte // what is read and not handed out
	long   bool   // the rest of a line that is too long is passed over

	line  Line // the next one, if ready
	ready bool
	wall  int64
}

const chunk = 64 << 10

// next returns the next whole line. Without one, both Text and Broken are nil.
func (t *tail) next() (Line, error) {
	for {
		if line, ok := t.cut(); ok {
			return line, nil
		}
		more, err := t.read()
		if err != nil || !more {
			return Line{}, err
		}
	}
}

// cut takes a line off what is read.
func (t *tail) cut() (Line, bool) {
	for {
		text, rest, ok := bytes.Cut(t.rest, []byte{'\n'})
		switch {
		case !ok && len(t.rest) > MaxLine:
			t.rest, t.long = t.rest[:0], true
			return Line{}, false
		case !ok:
			return Line{}, false
		}
		t.rest = rest
		text = bytes.TrimRight(text, "\r")
		switch {
		case t.long || len(text) > MaxLine:
			t.long = false
			return Line{Source: t.source, Broken: errLong}, true
		case len(text) > 0:
			return Line{Source: t.source, Text: bytes.Clone(text)}, true
		}
	}
}

// read reads some more. It reports false if there is nothing more for now.
func (t *tail) read() (more bool, err error) {
	if t.file == nil {
		if t.file, err = os.Open(t.path); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return false, nil
			}
			return false, err
		}
		t.offset, t.rest, t.long = 0, nil, false
	}
	if t.buf == nil {
		t.buf = make([]byte, chunk)
	}
	n, err := t.file.ReadAt(t.buf, t.offset)
	t.offset += int64(n)
	t.rest = append(t.rest, t.buf[:n]...)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	if n > 0 {
		return true, nil
	}
	return t.turn()
}

// turn goes to the beginning of a file that was cut off, or to the file that took the place of
// one. It reports false if neither happened.
func (t *tail) turn() (bool, error) {
	was, err := t.file.Stat()
	if err != nil {
		return false, err
	}
	now, err := os.Stat(t.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil // moved away, and not there again yet
	case err != nil:
		return false, err
	case !os.SameFile(was, now):
		t.close()
		return true, nil
	case now.Size() < t.offset:
		t.offset, t.rest, t.long = 0, nil, false
		return true, nil
	}
	return false, nil
}

func (t *tail) close() {
	if t.file != nil {
		t.file.Close()
		t.file = nil
	}
}
