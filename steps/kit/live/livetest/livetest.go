// Package livetest turns recorded episodes into the stream that their recorder wrote, for tests.
// Call [Lines].
package livetest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"testing"

	"assay/steps/kit/episode/episodetest"
)

// A Line is one line of a stream, in the order of time.
type Line struct {
	Source string
	UnixNs int64
	Text   []byte // with its source
	Raw    []byte // as in the file
}

// Lines returns the rows and labels of an episode in the order of their wall clock, labels before
// rows of the same time, and when its first label is: Unix ns. The first line is meta.json.
func Lines(t testing.TB, fsys fs.FS, name string) (lines []Line, zero int64) {
	t.Helper()
	entries := episodetest.Entries(t, fsys, name)
	for _, e := range []struct{ entry, source string }{
		{"labels.jsonl", "labels"}, {"telemetry-proc.jsonl", "proc"}, {"telemetry-guest.jsonl", "guest"},
		{"telemetry-qmp.jsonl", "qmp"}, {"netflow.jsonl", "netflow"},
	} {
		for _, text := range bytes.Split(entries[e.entry], []byte{'\n'}) {
			lines = append(lines, Line{e.source, wall(text), tagged(e.source, text), text})
			if e.source == "labels" && zero == 0 {
				zero = lines[0].UnixNs
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(a.UnixNs, b.UnixNs) })
	var meta bytes.Buffer
	if json.Compact(&meta, entries["meta.json"]) == nil {
		lines = slices.Insert(lines, 0, Line{"meta", 0, tagged("meta", meta.Bytes()), meta.Bytes()})
	}
	return lines, zero
}

// wall returns when a line was written, 0 if it does not say.
func wall(text []byte) int64 {
	var row struct {
		T json.Number `json:"t_wall_ns"`
	}
	if json.Unmarshal(text, &row) != nil {
		return 0
	}
	if ns, err := row.T.Int64(); err == nil {
		return ns
	}
	f, _ := strconv.ParseFloat(row.T.String(), 64)
	return int64(f)
}

// tagged puts the source before the first key of a line.
func tagged(source string, text []byte) []byte {
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(text, " "), []byte{'{'})
	if !ok {
		return text
	}
	return append(fmt.Appendf(nil, `{"source":%q,`, source), rest...)
}
