package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"assay/cmd/assay/internal/display"
	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/watch"
	"assay/engine/recipe"
	"assay/engine/step"
)

// watchLog shows what a watch does between runs, in the format of the runs.
type watchLog struct {
	w    io.Writer
	json *display.JSON // nil for plain text
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
	fmt.Fprintf(s.w, "\nwatch %s; press Ctrl-C to end\n", w)
}

// maxChanged is how many changed files a line of JSON names.
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

// failed shows why a run did not start or failed, unless the run has shown it already.
func (s *watchLog) failed(ctx context.Context, err error) {
	var shown *shownError
	mistakes := recipe.MistakesIn(err)
	switch {
	case s.json == nil:
		report(ctx, err, s.w)
	case errors.As(err, &shown):
	case len(mistakes) > 0:
		for _, err := range mistakes {
			s.json.Say(slog.LevelError, "mistake", slog.String("text", err.Error()))
		}
	default:
		s.json.Say(slog.LevelError, "error", slog.String("text", step.Plain(err)))
	}
}

// ends ends the line in which the terminal shows ^C.
func (s *watchLog) ends() {
	if s.json == nil {
		fmt.Fprintln(s.w)
	}
}
