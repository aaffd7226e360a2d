package model

import (
	"bytes"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/files"
	"assay/steps/kit/signal"
	"assay/steps/kit/table"
)

func paperGrid() Grid { return Grid{Window: 10, Stride: 5, Hz: 10} }

// world is every nth episode of the corpus with its windows table, and a split that puts them
// into all parts in turn.
type world struct {
	grid     Grid
	names    []string
	episodes fs.FS
	windows  fstest.MapFS
	split    fstest.MapFS
}

// parts are those of the episodes, in turn.
var parts = []table.Part{table.Train, table.Validation, table.Test, table.Excluded, table.Train}

func newWorld(t *testing.T, g Grid, n int) *world {
	t.Helper()
	w := &world{grid: g, names: episodetest.Names(t, n), episodes: os.DirFS(episodetest.Corpus)}
	w.write(t, channel.Schema{Window: g.Window, Cures: g.Cures}.Hash())
	return w
}

// write writes both tables. It leaves the features 0: nobody reads them.
func (w *world) write(t *testing.T, hash string) {
	t.Helper()
	var windows, assignment, info bytes.Buffer
	out := table.NewWindowsWriter(&windows, channel.FeatureNames(), hash)
	var rows []table.AssignmentRow
	for i, name := range w.names {
		x := w.tensors(t, name)
		ref := table.EpisodeRef{}
		ref.Host, ref.Key.Episode = episode.SplitName(name)
		if err := out.Append(ref, x.Center, x.Class, make([]float32, x.Len()*channel.NumFeatures)); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, table.AssignmentRow{Key: ref.Key, Part: parts[i%len(parts)], Boot: name})
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := table.WriteAssignment(&assignment, rows); err != nil {
		t.Fatal(err)
	}
	if err := files.EncodeJSON(&info, table.SplitInfo{By: "boot"}); err != nil {
		t.Fatal(err)
	}
	w.windows = fstest.MapFS{"windows.parquet": {Data: windows.Bytes()}}
	w.split = fstest.MapFS{table.AssignmentFile: {Data: assignment.Bytes()}, table.SplitInfoFile: {Data: info.Bytes()}}
}

// tensors makes the tensors of one episode by itself.
func (w *world) tensors(t *testing.T, name string) *signal.Tensors {
	t.Helper()
	r, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := r.Read(os.DirFS(episodetest.Corpus), name)
	if err != nil {
		t.Fatal(err)
	}
	g := signal.Set{Cures: w.grid.Cures}
	g.Load(e)
	z := signal.Tensorizer{Window: w.grid.Window, Stride: w.grid.Stride, Hz: w.grid.Hz, MaxWindows: 1 << 16}
	var out signal.Tensors
	if err := z.Tensorize(e, &g, &out); err != nil {
		t.Fatal(err)
	}
	return &out
}

func (w *world) load(t *testing.T, view View, workers int) (*Data, error) {
	t.Helper()
	return LoadTensors(t.Context(), w.episodes, w.windows, w.split, view, w.grid, workers)
}

// TestLoadTensors compares every window with what its episode has, for grids on which windows
// overlap, touch and lie apart, and both views.
func TestLoadTensors(t *testing.T) {
	for _, g := range []Grid{
		paperGrid(),
		{Window: 3, Stride: 0.7, Hz: 7, Cures: channel.Cures{MaxGap: 0.5, RetimeNetflow: true}},
		{Window: 4, Stride: 4, Hz: 1},
		{Window: 2, Stride: 9, Hz: 2.5, Cures: channel.Cures{ExcludeUnknownPhase: true}},
	} {
		w := newWorld(t, g, 40)
		for _, view := range []View{Realistic, Oracle} {
			one, err := w.load(t, view, 1)
			if err != nil {
				t.Fatal(err)
			}
			w.compare(t, one, view)
			if many, err := w.load(t, view, 3); err != nil || !slices.Equal(many.Series.Start, one.Series.Start) ||
				!slices.EqualFunc(many.Series.Data, one.Series.Data, sameBits) {
				t.Errorf("three workers make other data (%v)", err)
			}
		}
	}
}

func sameBits(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }

// compare checks data against the episodes.
func (w *world) compare(t *testing.T, d *Data, view View) {
	t.Helper()
	points := signal.Points(w.grid.Window, w.grid.Hz)
	if d.Points != points || d.Series.Points != points || d.Hz != w.grid.Hz || d.Series.Columns != len(d.Features) {
		t.Fatalf("%d points, %v Hz, %d columns of %d", d.Points, d.Hz, d.Series.Columns, len(d.Features))
	}
	if s := d.Schema(); s.Meaning != (channel.Schema{Window: w.grid.Window, Hz: w.grid.Hz, Cures: w.grid.Cures}).Hash() || len(s.Classes) != channel.NumPhases {
		t.Errorf("schema %+v", s)
	}
	next := 0
	at := map[table.Part][]int{}
	for i, name := range w.names {
		x := w.tensors(t, name)
		for k := range x.Len() {
			if part := parts[i%len(parts)]; part == table.Excluded {
				if d.Series.Start[next] != -1 {
					t.Errorf("window %d of an excluded episode has rows", next)
				}
			} else {
				at[part] = append(at[part], next)
				sameWindow(t, d, view, next, x, k)
			}
			next++
		}
	}
	if next != d.Windows.Len() {
		t.Errorf("%d windows, want %d", d.Windows.Len(), next)
	}
	for _, s := range []Set{d.Train, d.Validation, d.Test} {
		if !slices.Equal(s.Rows, at[s.Part]) || s.X != nil || len(s.Y) != len(s.Rows) {
			t.Errorf("part %s has the rows %v, want %v", s.Part, s.Rows, at[s.Part])
		}
		for i, r := range s.Rows {
			if s.Y[i] != d.Windows.Phase[r] {
				t.Errorf("row %d of %s is of class %d, want %d", r, s.Part, s.Y[i], d.Windows.Phase[r])
			}
		}
	}
}

// sameWindow compares window i of the data with tensor k of an episode.
func sameWindow(t *testing.T, d *Data, view View, i int, x *signal.Tensors, k int) {
	t.Helper()
	got := d.Series.Window(i)
	if len(got) != d.Points*len(d.Features) {
		t.Fatalf("window %d has %d values", i, len(got))
	}
	column := 0
	for c, ch := range channel.All() {
		if view == Realistic && !ch.Source.Deployed() {
			continue
		}
		if d.Features[column] != ch.Name {
			t.Fatalf("column %d is %s, want %s", column, d.Features[column], ch.Name)
		}
		for p := range d.Points {
			cell := (k*channel.Count+c)*x.Steps + p
			v := got[p*len(d.Features)+column]
			if x.Mask[cell] != (v == v) || v == v && !sameBits(v, x.X[cell]) {
				t.Fatalf("window %d, %s, point %d: %v, want %v (%v)", i, ch.Name, p, v, x.X[cell], x.Mask[cell])
			}
		}
		column++
	}
	if column != len(d.Features) {
		t.Errorf("%d columns, want %d", len(d.Features), column)
	}
}

// Windows that overlap by half take little more than half of the memory.
func TestOverlappingWindowsShareRows(t *testing.T) {
	w := newWorld(t, paperGrid(), 20)
	d, err := w.load(t, Oracle, 2)
	if err != nil {
		t.Fatal(err)
	}
	apart := 0
	for _, s := range []Set{d.Train, d.Validation, d.Test} {
		apart += len(s.Rows) * d.Points * d.Series.Columns
	}
	if got := len(d.Series.Data); got > apart*3/4 || cap(d.Series.Data) != got {
		t.Errorf("%d values and room for %d, of %d", got, cap(d.Series.Data), apart)
	}
}

// The parts are those that models of summaries have.
func TestTensorsHaveTheSetsOfSummaries(t *testing.T) {
	w := newWorld(t, paperGrid(), 30)
	got, err := w.load(t, Realistic, 2)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Load(w.windows, w.split, Realistic)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range []Set{got.Train, got.Validation, got.Test} {
		as := []Set{want.Train, want.Validation, want.Test}[i]
		if s.Part != as.Part || !slices.Equal(s.Rows, as.Rows) || !slices.Equal(s.Y, as.Y) {
			t.Errorf("part %s has the rows %v, as summaries %v", s.Part, s.Rows, as.Rows)
		}
	}
	if want.Points != 1 || want.Hz != 0 || want.Series != nil || want.Schema().Hash() == got.Schema().Hash() {
		t.Errorf("summaries: %d points, %v Hz, schema %s", want.Points, want.Hz, want.Schema().Hash())
	}
}

// A table that somebody rewrote has no hash. That is remarked on, and the centres still tell.
func TestTensorsOfATableWithoutHash(t *testing.T) {
	w := newWorld(t, paperGrid(), 60)
	w.write(t, "")
	d, err := w.load(t, Oracle, 1)
	if err != nil || len(d.Windows.Remarks) != 1 {
		t.Fatalf("%v, %v", d, err)
	}
	w.grid.Window = 20
	if _, err := w.load(t, Oracle, 1); err == nil || !strings.Contains(err.Error(), "the episode has it at 10 s, the table at 5 s") {
		t.Errorf("another window: %v", err)
	}
}

// broken has a file that is damaged.
type broken struct {
	fs.FS
	name string
}

func (b broken) Open(name string) (fs.File, error) {
	if name == b.name {
		return fstest.MapFS{name: {Data: []byte("x")}}.Open(name)
	}
	return b.FS.Open(name)
}

func TestLoadTensorsRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*world)
		want  []string
	}{
		"another window": {func(w *world) { w.grid.Window = 20 },
			[]string{"made with another window than 20 s or with other cures", "give this step the parameters window, stride and cures"}},
		"other cures": {func(w *world) { w.grid.Cures.ExactConstants = true }, []string{"or with other cures"}},
		"a shorter stride": {func(w *world) { w.grid.Stride = 2.5 },
			[]string{"window 1 (the first is 0) of episode ", "the episode has it at 7.5 s, the table at 10 s", "made from another store or with other windows"}},
		"a stride that hits no window but the first": {func(w *world) { w.grid.Stride = 1000 },
			[]string{"window 1 (the first is 0) of episode ", "the table has it at 10 s, the episode has no more windows"}},
		"no points":        {func(w *world) { w.grid.Hz = 0 }, []string{"have no points, or too many"}},
		"NaN points":       {func(w *world) { w.grid.Hz = math.NaN() }, []string{"have no points, or too many"}},
		"no stride":        {func(w *world) { w.grid.Stride = 0 }, []string{"a window, stride and hz above 0"}},
		"too many points":  {func(w *world) { w.grid.Hz = 1e6 }, []string{"more than 2147483648 values", "fewer points a second (hz)"}},
		"an empty store":   {func(w *world) { w.episodes = fstest.MapFS{} }, []string{"episode lab-a1/", "the windows table knows it, the episode store does not have it"}},
		"a damaged file":   {func(w *world) { w.episodes = broken{w.episodes, w.names[1]} }, []string{"episode ", ".tar.zst: "}},
		"no split":         {func(w *world) { w.split = nil }, []string{"split.json"}},
		"no windows table": {func(w *world) { w.windows = fstest.MapFS{} }, []string{"windows: "}},
	} {
		w := newWorld(t, paperGrid(), 60)
		test.spoil(w)
		_, err := w.load(t, Oracle, 2)
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one with %q", name, err, want)
			}
		}
	}
	w := newWorld(t, paperGrid(), 60)
	if _, err := w.load(t, "both", 1); err == nil || !strings.Contains(err.Error(), `view is "both"`) {
		t.Errorf("error %v", err)
	}
	w = newWorld(t, Grid{Window: 10, Stride: 1000, Hz: 10}, 60)
	w.grid.Stride = 5
	if _, err := w.load(t, Oracle, 1); err == nil || !strings.Contains(err.Error(), "the episode has it at 10 s, the table has no more windows") {
		t.Errorf("a table that lacks windows: %v", err)
	}
}

// Episodes of no part are not read.
func TestExcludedEpisodesAreNotRead(t *testing.T) {
	w := newWorld(t, paperGrid(), 60)
	w.episodes = broken{w.episodes, w.names[slices.Index(parts, table.Excluded)]}
	if _, err := w.load(t, Oracle, 2); err != nil {
		t.Error(err)
	}
}

// An episode that recorded nothing has nothing to learn from.
func TestNothingToLearnFrom(t *testing.T) {
	w := newWorld(t, paperGrid(), 60)
	entries := map[string]string{}
	for name, text := range episodetest.Entries(t, w.episodes, w.names[0]) {
		if name == "meta.json" || name == "labels.jsonl" {
			entries[name] = string(text)
		}
	}
	bare := episodetest.Squeeze(t, episodetest.Pack(t, episodetest.Entry{Name: "meta.json", Data: entries["meta.json"]},
		episodetest.Entry{Name: "labels.jsonl", Data: entries["labels.jsonl"]}))
	w.names = w.names[:2]
	w.write(t, channel.Schema{Window: 10}.Hash())
	second, err := fs.ReadFile(w.episodes, w.names[1])
	if err != nil {
		t.Fatal(err)
	}
	w.episodes = fstest.MapFS{w.names[0]: {Data: bare}, w.names[1]: {Data: second}}
	if _, err := w.load(t, Oracle, 1); err == nil || !strings.Contains(err.Error(), "nothing to learn from") {
		t.Errorf("error %v", err)
	}
}

// A 0 that is there is no 0 that is missing: windows that differ so share nothing.
func TestMissingIsNotZero(t *testing.T) {
	x := &signal.Tensors{Steps: 2, Center: []float64{1, 2, 3}, Class: make([]int32, 3),
		X: make([]float32, 3*channel.Count*2), Mask: make([]bool, 3*channel.Count*2)}
	x.Mask[channel.Count*2+1] = true // channel 0 at point 1 of window 1, which is point 0 of window 2
	g := gatherer{series: &Series{Columns: 1, Points: 2, Start: make([]int, 3)}, channels: []int{0}, hz: 1}
	if err := g.add(x, 0); err != nil {
		t.Fatal(err)
	}
	nan := float32(math.NaN())
	want := []float32{nan, nan, 0, nan, nan}
	if !slices.Equal(g.series.Start, []int{0, 1, 3}) || !slices.EqualFunc(g.series.Data, want, sameBits) {
		t.Errorf("windows begin at %v of %v, want 0, 1 and 3 of %v", g.series.Start, g.series.Data, want)
	}
}
