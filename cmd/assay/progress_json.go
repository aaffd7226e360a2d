package main

import (
	"context"
	"io"
	"log/slog"

	"assay/engine"
	"assay/engine/journal"
	"assay/engine/step"
)

// jsonLog prints a run's events as JSON lines, for programs that watch it.
// Progress within an action is left out.
type jsonLog struct{ log *slog.Logger }

func newJSONLog(w io.Writer) *jsonLog {
	return &jsonLog{slog.New(slog.NewJSONHandler(w, nil))}
}

func (j *jsonLog) close() {}

func (j *jsonLog) observe(ev engine.Event) {
	if ev.What == engine.Progress {
		return
	}
	level := slog.LevelInfo
	switch ev.What {
	case engine.Warned, engine.Retrying, engine.Blocked:
		level = slog.LevelWarn
	case engine.Failed:
		level = slog.LevelError
	}
	attrs := []slog.Attr{slog.String("node", ev.Node.Name()), slog.String("step", ev.Node.Step)}
	for _, l := range ev.Node.Labels {
		attrs = append(attrs, slog.String("axis."+l.Axis, l.Value))
	}
	out := journalEvent(ev)
	if out.Key != "" {
		attrs = append(attrs, slog.String("key", out.Key), slog.Int("shard", out.Shard))
	}
	switch ev.What {
	case engine.Started:
		attrs = append(attrs, slog.Int("actions", ev.Actions))
	case engine.Running:
		attrs = append(attrs, slog.String("why", ev.Why))
	case engine.Ran:
		attrs = append(attrs, slog.Duration("took_ns", ev.Took))
	case engine.Finished:
		attrs = append(attrs, slog.Int("actions", ev.Actions), slog.Int("ran", ev.Ran))
	}
	if len(ev.Notes) > 0 {
		attrs = append(attrs, slog.Any("notes", ev.Notes))
	}
	if ev.Text != "" {
		attrs = append(attrs, slog.String("text", ev.Text))
	}
	j.log.LogAttrs(context.Background(), level, out.What, attrs...)
}

// warn says what goes wrong beside the run.
func (j *jsonLog) warn(text string) {
	j.say(slog.LevelWarn, "warning", slog.String("text", text))
}

func (j *jsonLog) say(level slog.Level, msg string, attrs ...slog.Attr) {
	j.log.LogAttrs(context.Background(), level, msg, attrs...)
}

// end says how the run ended.
func (j *jsonLog) end(outcome journal.Outcome, counts journal.Counts, err error) {
	attrs := []slog.Attr{
		slog.String("outcome", string(outcome)), slog.Int("nodes", counts.Nodes),
		slog.Int("ran", counts.Ran), slog.Int("cached", counts.Cached), slog.Int("failed", counts.Failed),
	}
	level := slog.LevelInfo
	if err != nil {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", step.Plain(err)))
	}
	j.log.LogAttrs(context.Background(), level, "end", attrs...)
}
