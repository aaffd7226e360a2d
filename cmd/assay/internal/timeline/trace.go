package timeline

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"assay/engine/journal"
)

// traceEvent is an event of the Trace Event Format:
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
type traceEvent struct {
	Name string         `json:"name"`
	Cat  string         `json:"cat,omitempty"`
	Ph   string         `json:"ph"`
	Ts   int64          `json:"ts"` // µs since the run began
	Dur  *int64         `json:"dur,omitempty"`
	Pid  int            `json:"pid"`
	Tid  int            `json:"tid"`
	Args map[string]any `json:"args,omitempty"`
}

// Trace writes a run for chrome://tracing and ui.perfetto.dev. A thread there is a lane; there
// are as many as actions ran at once.
func Trace(w io.Writer, r *journal.Run, s *journal.Story) error {
	lane, lanes := pack(s.Spans, asOne)
	events := []traceEvent{{Name: "process_name", Ph: "M", Pid: 1, Args: map[string]any{"name": r.Verb + " " +
		r.Recipe}}}
	for k := range lanes[""] {
		events = append(events, traceEvent{Name: "thread_name", Ph: "M", Pid: 1, Tid: k + 1,
			Args: map[string]any{"name": fmt.Sprintf("lane %d", k+1)}})
	}
	for i, sp := range s.Spans {
		dur := micros(sp.To - sp.From)
		args := map[string]any{"outcome": sp.Outcome, "why": sp.Why}
		if sp.Shards > 1 {
			args["shard"] = sp.Shard
		}
		if len(sp.Notes) > 0 {
			args["notes"] = sp.Notes
		}
		if sp.Error != "" {
			args["error"] = sp.Error
		}
		events = append(events, traceEvent{Name: sp.Node, Cat: sp.Step, Ph: "X", Ts: micros(sp.From), Dur: &dur, Pid: 1,
			Tid: lane[i] + 1, Args: args})
	}
	return json.NewEncoder(w).Encode(map[string]any{
		"displayTimeUnit": "ms",
		"otherData": map[string]string{"run": r.ID, "began": r.Began.UTC().Format("2006-01-02T15:04:05.000Z"),
			"version": r.Version},
		"traceEvents": events,
	})
}

func micros(s float64) int64 { return int64(math.Round(s * 1e6)) }
