package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
)

// failing is a writer that fails after a number of bytes.
type failing struct {
	room int
	err  error
}

func (f *failing) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, f.err
	}
	return len(b), nil
}

func TestOutputRemembersTheFirstError(t *testing.T) {
	for name, test := range map[string]struct {
		w    io.Writer
		want string
	}{
		"no problems": {&failing{100, nil}, ""},
		"full":        {&failing{3, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}}, "write to standard output: no space left on device"},
		"closed pipe": {&failing{3, &fs.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}}, ""},
		"other":       {&failing{0, errors.New("no")}, "write to standard output: no"},
	} {
		o := &outWriter{w: test.w}
		for range 3 {
			io.WriteString(o, "12")
		}
		got := ""
		if err := o.judge(nil); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestOutputThatIsNotReadIsNoError asks the system what a closed pipe is.
func TestOutputThatIsNotReadIsNoError(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	var stderr strings.Builder
	if code := Main([]string{"-h"}, w, &stderr); code != exitOK || stderr.Len() > 0 {
		t.Errorf("%d, %s", code, &stderr)
	}
	o := &outWriter{w: w}
	if _, err := io.WriteString(o, "x"); err == nil || o.judge(nil) != nil {
		t.Errorf("%v, %v", err, o.judge(nil))
	}
}
