package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/hashicorp/go-multierror"

	"assay/cmd/assay/internal/display"
	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/watch"
	"assay/engine/step"
)

// watchLog says what a watch does between runs, in the way the runs are
// shown.
type watchLog struct {
	w    io.Writer
	json *display.JSON // nil for people
}

func newWatchLog(w io.Writer, how *displayFlags) *watchLog {
	if how.format == formatJSON {
		return &watchLog{w, display.NewJSON(w)}
	}
	return &watchLog{w, nil}
}

func (s *watchLog) waits(w *watch.Watcher) {
	if s.json != nil {
		s.json.Say(slog.LevelInfo, "watching", slog.Any("places", w.Names()))
		return
	}
	fmt.Fprintf(s.w, "\nwatch %s; Ctrl-C ends\n", w)
}

// maxChanged is how many changed files a line for programs names.
const maxChanged = 100

func (s *watchLog) changed(paths []string) {
	if s.json == nil {
		fmt.Fprintf(s.w, "watch %s changed, running again\n", someOf(paths))
		return
	}
	names := []string{}
	for _, path := range paths[:min(len(paths), maxChanged)] {
		names = append(names, plain.Near(path))
	}
	s.json.Say(slog.LevelInfo, "changed", slog.Int("files", len(paths)), slog.Any("names", names))
}

// failed says why there was no run, or how it failed, unless the run itself did.
func (s *watchLog) failed(ctx context.Context, err error) {
	var told *shownError
	var mistakes *multierror.Error
	switch {
	case s.json == nil:
		report(ctx, err, s.w)
	case errors.As(err, &told):
	case errors.As(err, &mistakes):
		for _, err := range mistakes.Errors {
			s.json.Say(slog.LevelError, "mistake", slog.String("text", err.Error()))
		}
	default:
		s.json.Say(slog.LevelError, "error", slog.String("text", step.Plain(err)))
	}
}

// ends is told of Ctrl-C, which a terminal has shown in the line where it is.
func (s *watchLog) ends() {
	if s.json == nil {
		fmt.Fprintln(s.w)
	}
}
