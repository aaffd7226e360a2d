package steps_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/table"
)

// A world is a small made-up store, its windows, and who is in which part. Tests change a
// copy of it.
type world struct {
	episodes fstest.MapFS
	windows  *table.Windows
	parts    map[table.Key]table.Part
	grid     string // parameters of the windows
}

// The parts of the episodes, in turn.
var turns = []table.Part{table.Train, table.Validation, table.Train, table.Test}

// newWorld makes twelve episodes and their windows. spoil may change the store before.
func newWorld(t *testing.T, grid string, spoil func(fstest.MapFS)) *world {
	t.Helper()
	w := &world{episodes: fstest.MapFS{}, parts: map[table.Key]table.Part{}, grid: grid}
	synth := execute(t, "synth", `{"episodes": 12, "hosts": 1, "duration": "24s"}`, nil)["episodes"]
	if err := fs.WalkDir(synth, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".tar.zst") {
			b, err := fs.ReadFile(synth, name)
			w.episodes[name] = &fstest.MapFile{Data: b}
			return err
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	spoil(w.episodes)
	for name, file := range maps.Clone(w.episodes) {
		w.episodes[name+".sha256"] = &fstest.MapFile{Data: fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(file.Data), path.Base(name))}
	}
	in := step.Inputs{"episodes": {{FS: w.episodes}}}
	in["index"] = []step.Input{{FS: execute(t, "validate", "{}", in)["index"]}}
	var err error
	if w.windows, err = table.ReadWindows(execute(t, "features", grid, in)["windows"]); err != nil {
		t.Fatal(err)
	}
	for i, e := range w.windows.Episodes {
		w.parts[e.Key] = turns[i%len(turns)]
	}
	return w
}

// clone returns a world whose labels and parts may be changed.
func (w *world) clone() *world {
	c := *w
	windows := *w.windows
	windows.Phase = slices.Clone(windows.Phase)
	c.windows, c.parts = &windows, maps.Clone(w.parts)
	return &c
}

// phases calls f with the class of every window of a part.
func (w *world) phases(part table.Part, f func(phase *int32)) {
	for i := range w.windows.Phase {
		if w.parts[w.windows.Episodes[w.windows.Episode[i]].Key] == part {
			f(&w.windows.Phase[i])
		}
	}
}

// tables writes the windows and the split.
func (w *world) tables(t *testing.T) (windows, split fs.FS) {
	t.Helper()
	var b, a, info bytes.Buffer
	out := table.NewWindowsWriter(&b, w.windows.Features, w.windows.SchemaHash)
	var rows []table.AssignmentRow
	for i, e := range w.windows.Episodes {
		var center []float64
		var phase []int32
		var x []float32
		for r := range w.windows.Len() {
			if int(w.windows.Episode[r]) == i {
				center, phase = append(center, w.windows.Center[r]), append(phase, w.windows.Phase[r])
				x = append(x, w.windows.Row(r)...)
			}
		}
		if err := out.Append(e, center, phase, x); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, table.AssignmentRow{Key: e.Key, Part: w.parts[e.Key], Boot: e.Episode})
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := table.WriteAssignment(&a, rows); err != nil {
		t.Fatal(err)
	}
	if err := files.EncodeJSON(&info, table.SplitInfo{By: "boot"}); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"windows.parquet": {Data: b.Bytes()}},
		fstest.MapFS{table.AssignmentFile: {Data: a.Bytes()}, table.SplitInfoFile: {Data: info.Bytes()}}
}
