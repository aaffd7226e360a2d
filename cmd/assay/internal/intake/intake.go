// Package intake reads lines of telemetry as they are produced: from a pipe ([Pipe]), from the files
// of a folder that a recorder writes ([Follow]), or over HTTP ([Post]). Each puts them into a
// channel, so that one goroutine works on them whatever they come from.
package intake

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// A Line is a line of input, without its break.
type Line struct {
	Source string // as the name of its file says; "" if the line says it itself
	Text   []byte
	Broken error // why there is no text
}

// MaxLine is how many bytes a line may have, as in an episode.
const MaxLine = 1 << 20

// Pipe puts the lines of in into to, until in or the context ends.
func Pipe(ctx context.Context, in io.Reader, to chan<- Line) error {
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		text, err := next(r)
		if err != nil && !errors.Is(err, errLong) && !errors.Is(err, io.EOF) {
			return fmt.Errorf("cannot read the input: %w", err)
		}
		line := Line{Text: text}
		if errors.Is(err, errLong) {
			line = Line{Broken: err}
		}
		if len(text) > 0 || line.Broken != nil {
			if err := put(ctx, to, line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
	}
}

func put(ctx context.Context, to chan<- Line, line Line) error {
	select {
	case to <- line:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

var errLong = fmt.Errorf("a line is longer than %d bytes", MaxLine)

// next returns a copy of the next line. It passes over one that is too long, and says so.
func next(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			line = append(line, part...)
		}
		if len(line) > MaxLine {
			line, long = nil, true
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errLong
		}
		return bytes.TrimRight(line, "\r\n"), err
	}
}
