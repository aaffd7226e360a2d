package display

import (
	"context"
	"io"
	"log/slog"
	"time"

	"assay/engine/event"
	"assay/engine/journal"
	"assay/engine/step"
)

// JSON prints a run's events as lines of JSON, for programs. It leaves out progress within an
// action, but not what the action says of where it stands.
type JSON struct{ log *slog.Logger }

// NewJSON returns a display that writes lines of JSON to w.
func NewJSON(w io.Writer) *JSON {
	return &JSON{slog.New(slog.NewJSONHandler(w, nil))}
}

// Close does nothing: every line is written at once.
func (j *JSON) Close() {}

// Observe implements [event.Observer].
func (j *JSON) Observe(ev event.Event) {
	level := slog.LevelInfo
	switch ev.What {
	case event.Progress:
		return
	case event.Warned, event.Retrying, event.Blocked:
		level = slog.LevelWarn
	case event.Failed:
		level = slog.LevelError
	}
	j.log.LogAttrs(context.Background(), level, string(ev.What), attrs(ev)...)
}

// attrs returns the fields of an event's line.
func attrs(ev event.Event) []slog.Attr {
	if ev.What == event.Known {
		return []slog.Attr{slog.String("step", ev.Step), slog.Int("count", ev.Count)}
	}
	out := []slog.Attr{slog.String("node", ev.Node), slog.String("step", ev.Step)}
	for _, l := range ev.Labels {
		out = append(out, slog.String("axis."+l.Axis, l.Value))
	}
	if ev.Key != "" {
		out = append(out, slog.String("key", ev.Key), slog.Int("shard", ev.Shard))
	}
	switch ev.What {
	case event.Started:
		out = append(out, slog.Int("actions", ev.Actions))
	case event.Running:
		out = append(out, slog.String("why", ev.Why.String()))
	case event.Ran:
		out = append(out, slog.Duration("took_ns", time.Duration(ev.Took*float64(time.Second))))
	case event.Finished:
		out = append(out, slog.Int("actions", ev.Actions), slog.Int("ran", ev.Ran))
	}
	if len(ev.Notes) > 0 {
		out = append(out, slog.Any("notes", ev.Notes))
	}
	if ev.Text != "" {
		out = append(out, slog.String("text", ev.Text))
	}
	return out
}

// Warn writes a warning that is not an event of the run.
func (j *JSON) Warn(text string) {
	j.Say(slog.LevelWarn, "warning", slog.String("text", text))
}

// Say writes a line that is not an event.
func (j *JSON) Say(level slog.Level, msg string, attrs ...slog.Attr) {
	j.log.LogAttrs(context.Background(), level, msg, attrs...)
}

// End writes how the run ended.
func (j *JSON) End(outcome journal.Outcome, counts journal.Counts, err error) {
	fields := []slog.Attr{
		slog.String("outcome", string(outcome)), slog.Int("nodes", counts.Nodes),
		slog.Int("ran", counts.Ran), slog.Int("cached", counts.Cached), slog.Int("failed", counts.Failed),
	}
	level := slog.LevelInfo
	if err != nil {
		level = slog.LevelError
		fields = append(fields, slog.String("error", step.Plain(err)))
	}
	j.log.LogAttrs(context.Background(), level, "end", fields...)
}
