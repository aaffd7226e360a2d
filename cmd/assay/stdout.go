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

// outWriter is standard outWriter. It remembers the first write that failed, so
// that a verb need not look at each: a full disk fails the command at its end.
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

// outputError names standard output as people do, and not by a path.
func outputError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("write to standard output: %w", err)
}

// judge returns the error that a command line ends with, given what its verb
// returned. A write that failed counts also if the verb did not look at it, unless
// the reader closed the pipe: then they have read what they wanted.
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

// isClosedPipe reports whether a write failed since nobody reads the other end.
func isClosedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

// onTerminal reports whether what is written goes to a person's screen.
func onTerminal(w io.Writer) bool {
	f := fileOf(w)
	return f != nil && term.IsTerminal(int(f.Fd()))
}
