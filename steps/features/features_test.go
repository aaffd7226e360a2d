package features

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"assay/engine/step"
	"assay/steps/internal/dataset"
	"assay/steps/internal/telemetry"
)

const corpus = "../../testdata/corpus"

// some returns every nth episode of the corpus as an index.
func some(t *testing.T, n int) []dataset.Episode {
	t.Helper()
	names, err := fs.Glob(os.DirFS(corpus), "*/*"+telemetry.Suffix)
	if err != nil || len(names) == 0 {
		t.Fatalf("the corpus is not at %s: %v", corpus, err)
	}
	var rows []dataset.Episode
	for i := 0; i < len(names); i += n {
		host, episode := telemetry.SplitName(names[i])
		rows = append(rows, dataset.Episode{
			Key: dataset.Key{Host: host, Episode: episode}, Status: dataset.Accepted,
			Profile: "profile-of-" + host, SampleName: "sample", Uptime: math.NaN(),
		})
	}
	return rows
}

func index(t *testing.T, rows []dataset.Episode) fs.FS {
	t.Helper()
	var b strings.Builder
	if err := dataset.WriteIndex(&b, rows); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"shard-01/index.parquet": {Data: []byte(b.String())}}
}

// compute runs the kind as the engine does and returns the bytes of its table.
func compute(ctx context.Context, t *testing.T, p Params, store, index fs.FS) ([]byte, error) {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	err = Kind().Run(ctx, &p, step.Inputs{"episodes": {{FS: store}}, "index": {{FS: index}}}, step.Outputs{"windows": root})
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path.Join(dir, File))
	if err != nil {
		t.Fatal(err)
	}
	return b, nil
}

func windows(t *testing.T, file []byte) *dataset.Windows {
	t.Helper()
	w, err := dataset.ReadWindows(fstest.MapFS{File: {Data: file}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestFeatures compares the table with what telemetry computes by itself, and
// two runs with each other.
func TestFeatures(t *testing.T) {
	rows := some(t, 20)
	rows[1].Status = dataset.Rejected
	rows[2].Status = dataset.Degraded
	file, err := compute(t.Context(), t, Defaults(), os.DirFS(corpus), index(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	again, err := compute(t.Context(), t, Defaults(), os.DirFS(corpus), index(t, rows))
	if err != nil || !slices.Equal(file, again) {
		t.Errorf("a second run makes other bytes (%v)", err)
	}
	w := windows(t, file)
	if w.SchemaHash != telemetry.SchemaHash() || !slices.Equal(w.Features, telemetry.FeatureNames()) {
		t.Error("the columns are not those of the registry")
	}
	used := slices.Delete(rows, 1, 2)
	if len(w.Episodes) != len(used) {
		t.Fatalf("%d episodes, want %d", len(w.Episodes), len(used))
	}
	next := 0
	for i, row := range used {
		if got := w.Episodes[i]; got != (dataset.EpisodeRef{Key: row.Key, Profile: row.Profile, Sample: row.SampleName}) {
			t.Errorf("episode %d is %+v", i, got)
		}
		next = same(t, w, next, row.Key)
	}
	if next != w.Len() {
		t.Errorf("%d windows, want %d", w.Len(), next)
	}
}

// same compares the windows of one episode, from the first on.
func same(t *testing.T, w *dataset.Windows, first int, k dataset.Key) (next int) {
	t.Helper()
	r, err := telemetry.NewReader(telemetry.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := r.Read(os.DirFS(corpus), k.Host+"/"+k.Episode+telemetry.Suffix)
	if err != nil {
		t.Fatal(err)
	}
	var g telemetry.Signals
	g.Load(e)
	z := telemetry.Summarizer{Window: 10, Stride: 5, MaxWindows: 1000}
	want, err := z.Summarize(e, &g)
	if err != nil {
		t.Fatal(err)
	}
	for i, center := range want.Center {
		n := first + i
		if w.Center[n] != center || dataset.PhaseName(int(w.Phase[n])) != want.Phase[i] {
			t.Errorf("%v: window %d is %v, %s", k, i, w.Center[n], dataset.PhaseName(int(w.Phase[n])))
		}
		x := want.X[i*telemetry.NumFeatures : (i+1)*telemetry.NumFeatures]
		if !slices.EqualFunc(w.Row(n), x, func(a, b float32) bool { return a == b || a != a && b != b }) {
			t.Errorf("%v: the features of window %d differ", k, i)
		}
	}
	return first + len(want.Center)
}

func TestGeometry(t *testing.T) {
	rows := some(t, 100)
	p := Params{Window: step.Duration(4 * time.Second), Stride: step.Duration(2500 * time.Millisecond)}
	file, err := compute(t.Context(), t, p, os.DirFS(corpus), index(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	if w := windows(t, file); w.Center[0] != 2 || w.Center[1] != 4.5 {
		t.Errorf("the first centres are %v", w.Center[:2])
	}
	if err := (&Params{}).Check(); err == nil || !strings.Contains(err.Error(), "window") || !strings.Contains(err.Error(), "stride") {
		t.Errorf("windows of no length: %v", err)
	}
}

// TestNothing: no usable episode is an empty table, not an error.
func TestNothing(t *testing.T) {
	rows := some(t, 150)
	for i := range rows {
		rows[i].Status = dataset.Errored
	}
	for _, rows := range [][]dataset.Episode{nil, rows} {
		file, err := compute(t.Context(), t, Defaults(), fstest.MapFS{}, index(t, rows))
		if err != nil {
			t.Fatal(err)
		}
		if w := windows(t, file); w.Len() != 0 || len(w.Features) != telemetry.NumFeatures {
			t.Errorf("%d windows of %d features", w.Len(), len(w.Features))
		}
	}
}

func TestMissing(t *testing.T) {
	rows := some(t, 200)
	_, err := compute(t.Context(), t, Defaults(), fstest.MapFS{}, index(t, rows))
	if err == nil || !strings.Contains(err.Error(), rows[0].Host+"/"+rows[0].Episode) || !strings.Contains(err.Error(), "validate this store again") {
		t.Errorf("a missing episode: %v", err)
	}
	changed := fstest.MapFS{rows[0].Host + "/" + rows[0].Episode + telemetry.Suffix: {Data: []byte("changed since")}}
	if _, err := compute(t.Context(), t, Defaults(), changed, index(t, rows[:1])); err == nil {
		t.Error("an unreadable episode is passed over")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := compute(ctx, t, Defaults(), os.DirFS(corpus), index(t, rows)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}
