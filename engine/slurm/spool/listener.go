package spool

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"
)

// A Listener reads what a try says, as it comes.
type Listener struct {
	path string
	at   int64
}

// Listen returns a listener to a try.
func (s *Set) Listen(r Ref) *Listener {
	return &Listener{path: filepath.Join(s.Dir, "said", r.name())}
}

// Next passes on the whole lines that came since the last call, and returns when the file was
// last written to. Lines that it cannot understand are left out.
func (l *Listener) Next(each func(Line)) (time.Time, error) {
	f, err := os.Open(l.path)
	if err != nil {
		return time.Time{}, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil || st.Size() <= l.at {
		return timeOf(st, err), err
	}
	if _, err := f.Seek(l.at, io.SeekStart); err != nil {
		return st.ModTime(), err
	}
	r := bufio.NewReader(io.LimitReader(f, maxRead))
	for {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return st.ModTime(), nil
		}
		if err != nil {
			return st.ModTime(), err
		}
		l.at += int64(len(text))
		if line, ok := parseLine(text); ok {
			each(line)
		}
	}
}

func timeOf(st os.FileInfo, err error) time.Time {
	if err != nil {
		return time.Time{}
	}
	return st.ModTime()
}

// parseLine reads a line of what a job said.
func parseLine(text []byte) (Line, bool) {
	var l Line
	if len(text) > maxFile || json.Unmarshal(bytes.TrimSpace(text), &l) != nil {
		return Line{}, false
	}
	return l, l.Message != nil || l.Beat != nil
}

// LastBeat returns the newest beat of a try; nil if there is none.
func (s *Set) LastBeat(r Ref) *Beat {
	text, err := tail(filepath.Join(s.Dir, "said", r.name()), 64<<10)
	if err != nil {
		return nil
	}
	var last *Beat
	for _, part := range bytes.Split(text, []byte("\n")) {
		if l, ok := parseLine(part); ok && l.Beat != nil {
			last = l.Beat
		}
	}
	return last
}

// Began returns how long ago a try said its first line; 0 if it has said nothing.
func (s *Set) Began(r Ref) time.Duration {
	f, err := os.Open(filepath.Join(s.Dir, "said", r.name()))
	if err != nil {
		return 0
	}
	defer f.Close()
	text, err := bufio.NewReader(io.LimitReader(f, maxFile)).ReadBytes('\n')
	if l, ok := parseLine(text); ok && err == nil {
		return max(time.Since(l.At), 0)
	}
	return 0
}
