package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"syscall"

	"golang.org/x/term"
)

// outWriter is standard output. It remembers the first write that failed, so that verbs need
// not check each write: assay fails at its end if, for example, the disk was full.
type outWriter struct {
	w io.Writer

	mu  sync.Mutex
	err error
}

// Write implements io.Writer.
func (o *outWriter) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(b)
	if err != nil {
		o.err = outputError(err)
	}
	return n, o.err
}

// outputError replaces the path of standard output by its name.
func outputError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("write to standard output: %w", err)
}

// judge returns the error that assay ends with, given the error of the verb. A write that
// failed counts even if the verb did not check it, unless the reader closed the pipe: then
// the reader has read enough.
func (o *outWriter) judge(err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.err == nil || err != nil && !errors.Is(err, o.err):
		return err
	case isClosedPipe(o.err):
		return nil
	}
	return o.err
}

// isClosedPipe reports whether a write failed because nobody reads the pipe.
func isClosedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

// onTerminal reports whether a writer writes to a terminal.
func onTerminal(w io.Writer) bool {
	f := fileOf(w)
	return f != nil && term.IsTerminal(int(f.Fd()))
}
