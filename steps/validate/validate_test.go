package validate

import (
	"bufio"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"assay/engine/step"
	"assay/steps/kit/episode"
	"assay/steps/kit/table"
)

const testdata = "../../testdata"

// index runs the kind as the engine does.
func index(t *testing.T, store fs.FS, sink step.Sink) []table.Episode {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	ctx := step.WithSink(t.Context(), sink)
	k := Kind()
	err = k.Run(ctx, k.Params(), step.Inputs{"episodes": {{FS: store}}}, step.Outputs{"index": root})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := table.ReadIndex(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestCorpus: nothing is wrong with the recorded episodes.
func TestCorpus(t *testing.T) {
	rows := index(t, os.DirFS(testdata+"/corpus"), nil)
	if len(rows) != 265 {
		t.Errorf("%d rows, want 265", len(rows))
	}
	for _, r := range rows {
		if r.Status != table.Accepted || len(r.Reasons) > 0 {
			t.Errorf("%s/%s is %s: %s", r.Host, r.Episode, r.Status, strings.Join(r.Reasons, "; "))
		}
		if r.Profile == "" || r.StartNs == 0 || r.Duration < 10 || !(r.Uptime > 0) || r.Labels == 0 || len(r.Phases) == 0 ||
			slices.Contains(r.Rows[:], 0) {
			t.Errorf("%s/%s lacks something: %+v", r.Host, r.Episode, r)
		}
	}
}

// A damage is a line of the damaged folder's manifest.
type damage struct {
	File       string         `json:"file"`
	Case       string         `json:"case"`
	Expected   table.Status   `json:"expected"`
	Reasonable []table.Status `json:"also_reasonable"`
}

func damages(t *testing.T) map[string]damage {
	f, err := os.Open(testdata + "/damaged/MANIFEST.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := map[string]damage{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var d damage
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		m[strings.TrimSuffix(d.File, episode.Suffix)] = d
	}
	return m
}

// TestDamaged: every damaged episode gets a verdict that its maker expects or
// finds reasonable, and says why.
func TestDamaged(t *testing.T) {
	want := damages(t)
	rows := index(t, os.DirFS(testdata+"/damaged"), nil)
	if len(rows) != len(want) {
		t.Errorf("%d rows for %d damaged episodes", len(rows), len(want))
	}
	for _, r := range rows {
		d := want[r.Host+"/"+r.Episode]
		t.Logf("%-24s %-8s (%s) %s", d.Case, r.Status, d.Expected, strings.Join(r.Reasons, "; "))
		if r.Status != d.Expected && !slices.Contains(d.Reasonable, r.Status) {
			t.Errorf("%s is %s, want %s or one of %v", d.Case, r.Status, d.Expected, d.Reasonable)
		}
		if r.Status != table.Accepted && len(r.Reasons) == 0 {
			t.Errorf("%s is %s for no reason", d.Case, r.Status)
		}
	}
}

// TestDamagedMemory: no damage makes the reader allocate out of proportion. A
// good episode of this size takes less than 10 MiB, a bomb four times
// Limits.Free at most.
func TestDamagedMemory(t *testing.T) {
	store := os.DirFS(testdata + "/damaged")
	names, err := episodes(context.Background(), store)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		reader, err := episode.NewReader(episode.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		c := &checker{p: Defaults(), store: store, reader: reader, tolerance: 5}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := c.check(name); err != nil {
			t.Error(err)
		}
		runtime.ReadMemStats(&after)
		reader.Close()
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 64 {
			t.Errorf("%s: %d MiB allocated", filepath.Base(name), mb)
		}
	}
}
