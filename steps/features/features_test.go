package features

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/signal"
	"assay/steps/kit/table"
)

const corpus = "../../testdata/corpus"

// some returns every nth episode of the corpus as an index.
func some(t *testing.T, n int) []table.Episode {
	t.Helper()
	names, err := fs.Glob(os.DirFS(corpus), "*/*"+episode.Suffix)
	if err != nil || len(names) == 0 {
		t.Fatalf("the corpus is not at %s: %v", corpus, err)
	}
	var rows []table.Episode
	for i := 0; i < len(names); i += n {
		host, episode := episode.SplitName(names[i])
		rows = append(rows, table.Episode{
			Key: table.Key{Host: host, Episode: episode}, Status: table.Accepted,
			Profile: "profile-of-" + host, SampleName: "sample", Uptime: math.NaN(),
		})
	}
	return rows
}

func index(t *testing.T, rows []table.Episode) fs.FS {
	t.Helper()
	var b strings.Builder
	if err := table.WriteIndex(&b, rows); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"shard-01/index.parquet": {Data: []byte(b.String())}}
}

// compute runs the kind as the engine does and returns the bytes of its windows.
func compute(ctx context.Context, t *testing.T, p Params, store, index fs.FS) ([]byte, error) {
	t.Helper()
	files, err := computeAll(ctx, t, p, store, index)
	return files[0], err
}

// computeAll returns the bytes of both tables: the windows, the vectors.
func computeAll(ctx context.Context, t *testing.T, p Params, store, index fs.FS) (files [2][]byte, err error) {
	t.Helper()
	var roots [2]*os.Root
	for i := range roots {
		if roots[i], err = os.OpenRoot(t.TempDir()); err != nil {
			t.Fatal(err)
		}
		defer roots[i].Close()
	}
	err = Kind().Run(ctx, &p, step.Inputs{"episodes": {{FS: store}}, "index": {{FS: index}}},
		step.Outputs{"windows": roots[0], "vectors": roots[1]})
	for i, name := range []string{WindowsFile, VectorsFile} {
		b, readErr := roots[i].ReadFile(name)
		if err == nil && readErr != nil {
			t.Fatal(readErr)
		}
		files[i] = b
	}
	return files, err
}

func windows(t *testing.T, file []byte) *table.Windows {
	t.Helper()
	w, err := table.ReadWindows(fstest.MapFS{WindowsFile: {Data: file}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestFeatures compares the table with what telemetry computes by itself, and
// two runs with each other.
func TestFeatures(t *testing.T) {
	rows := some(t, 20)
	rows[1].Status = table.Rejected
	rows[2].Status = table.Degraded
	file, err := compute(t.Context(), t, Defaults(), os.DirFS(corpus), index(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	again, err := compute(t.Context(), t, Defaults(), os.DirFS(corpus), index(t, rows))
	if err != nil || !slices.Equal(file, again) {
		t.Errorf("a second run makes other bytes (%v)", err)
	}
	w := windows(t, file)
	if w.SchemaHash != (channel.Schema{Window: 10}).Hash() || !slices.Equal(w.Features, channel.FeatureNames()) {
		t.Error("the columns are not those of the registry")
	}
	used := slices.Delete(rows, 1, 2)
	if len(w.Episodes) != len(used) {
		t.Fatalf("%d episodes, want %d", len(w.Episodes), len(used))
	}
	next := 0
	for i, row := range used {
		if got := w.Episodes[i]; got != (table.EpisodeRef{Key: row.Key, Profile: row.Profile, Sample: row.SampleName}) {
			t.Errorf("episode %d is %+v", i, got)
		}
		next = same(t, w, next, row.Key)
	}
	if next != w.Len() {
		t.Errorf("%d windows, want %d", w.Len(), next)
	}
}

// same compares the windows of one episode, from the first on.
func same(t *testing.T, w *table.Windows, first int, k table.Key) (next int) {
	t.Helper()
	r, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := r.Read(os.DirFS(corpus), k.Host+"/"+k.Episode+episode.Suffix)
	if err != nil {
		t.Fatal(err)
	}
	var g signal.Set
	g.Load(e)
	z := signal.Summarizer{Window: 10, Stride: 5, MaxWindows: 1000}
	want, err := z.Summarize(e, &g)
	if err != nil {
		t.Fatal(err)
	}
	for i, center := range want.Center {
		n := first + i
		if w.Center[n] != center || w.Phase[n] != want.Class[i] {
			t.Errorf("%v: window %d is %v, %s", k, i, w.Center[n], channel.PhaseName(int(w.Phase[n])))
		}
		x := want.X[i*channel.NumFeatures : (i+1)*channel.NumFeatures]
		if !slices.EqualFunc(w.Row(n), x, func(a, b float32) bool { return a == b || a != a && b != b }) {
			t.Errorf("%v: the features of window %d differ", k, i)
		}
	}
	return first + len(want.Center)
}

// TestVectors: one row a usable episode, also one that is too short for a window.
func TestVectors(t *testing.T) {
	rows := some(t, 40)
	rows[1].Status = table.Rejected
	p := Defaults()
	p.Window = step.Duration(time.Hour)
	files, err := computeAll(t.Context(), t, p, os.DirFS(corpus), index(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	v, err := table.ReadVectors(fstest.MapFS{VectorsFile: {Data: files[1]}})
	if err != nil {
		t.Fatal(err)
	}
	if n := windows(t, files[0]).Len(); n != 0 || len(v.Episodes) != len(rows)-1 || v.SchemaHash != (channel.Schema{}).Hash() {
		t.Fatalf("%d windows, %d vectors of %d episodes, hash %s", n, len(v.Episodes), len(rows)-1, v.SchemaHash)
	}
	r, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for i, ep := range v.Episodes {
		e, err := r.Read(os.DirFS(corpus), ep.Host+"/"+ep.Key.Episode+episode.Suffix)
		if err != nil {
			t.Fatal(err)
		}
		var g signal.Set
		g.Load(e)
		want := new(signal.Summarizer).Vector(e, &g)
		if !slices.EqualFunc(v.Row(i), want, func(a, b float32) bool { return a == b || a != a && b != b }) {
			t.Errorf("the vector of %v differs", ep.Key)
		}
	}
}

// TestCures: a cure changes the numbers and the schema's hash; off, neither.
func TestCures(t *testing.T) {
	rows := some(t, 60)
	off, err := computeAll(t.Context(), t, Defaults(), os.DirFS(corpus), index(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	p := Defaults()
	p.Cures.RetimeNetflow = true
	on, err := computeAll(t.Context(), t, p, os.DirFS(corpus), index(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	a, b := windows(t, off[0]), windows(t, on[0])
	if a.SchemaHash == b.SchemaHash || slices.Equal(off[0], on[0]) || slices.Equal(off[1], on[1]) {
		t.Error("netflow is retimed, and nothing shows it")
	}
	netflow := slices.Index(a.Features, "netflow.pkts_in.mean")
	for i := range a.X {
		if f := i % len(a.Features); f < netflow && a.X[i] != b.X[i] && a.X[i] == a.X[i] {
			t.Fatalf("retiming netflow changes %s", a.Features[f])
		}
	}
	p.Cures.MaxGap = -1
	if err := p.Check(); err == nil || !strings.Contains(err.Error(), "max_gap") {
		t.Errorf("a negative gap: %v", err)
	}
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
		rows[i].Status = table.Errored
	}
	for _, rows := range [][]table.Episode{nil, rows} {
		file, err := compute(t.Context(), t, Defaults(), fstest.MapFS{}, index(t, rows))
		if err != nil {
			t.Fatal(err)
		}
		if w := windows(t, file); w.Len() != 0 || len(w.Features) != channel.NumFeatures {
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
	changed := fstest.MapFS{rows[0].Host + "/" + rows[0].Episode + episode.Suffix: {Data: []byte("changed since")}}
	if _, err := compute(t.Context(), t, Defaults(), changed, index(t, rows[:1])); err == nil {
		t.Error("an unreadable episode is passed over")
	}
	if _, err := compute(t.Context(), t, Defaults(), os.DirFS(corpus), fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), `"shards: 1"`) {
		t.Errorf("an index that lacks the shard: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := compute(ctx, t, Defaults(), os.DirFS(corpus), index(t, rows)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

type events []step.Message

func (e *events) Emit(x step.Message) { *e = append(*e, x) }

// TestLongWindow: a window that fits in no episode is said; one that fits in some is
// counted.
func TestLongWindow(t *testing.T) {
	rows := some(t, 40)
	for window, warned := range map[time.Duration]bool{time.Hour: true, 10 * time.Second: false} {
		p := Defaults()
		p.Window = step.Duration(window)
		var got events
		if _, err := computeAll(step.WithSink(t.Context(), &got), t, p, os.DirFS(corpus), index(t, rows)); err != nil {
			t.Fatal(err)
		}
		warnings, short := 0, 0
		for _, e := range got {
			if strings.Contains(e.Warning, "a window of 1h0m0s is longer than every episode of a shard") {
				warnings++
			}
			if e.Count == "episodes shorter than a window" {
				short += e.N
			}
		}
		if (warnings == 1) != warned || (short == len(rows)) != warned {
			t.Errorf("%v: %d warnings, %d of %d episodes have no window: %+v", window, warnings, short, len(rows), got)
		}
	}
}
