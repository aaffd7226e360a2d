package live

import (
	"bytes"
	"cmp"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/live/livetest"
	"assay/steps/kit/model"
)

// pack makes an episode of lines.
func pack(t *testing.T, lines []livetest.Line) fs.FS {
	t.Helper()
	entry := map[string]string{Labels: "labels.jsonl", Meta: "meta.json"}
	for s := range channel.Source(channel.NumSources) {
		entry[s.String()] = s.Entry()
	}
	data := map[string]*bytes.Buffer{}
	for _, l := range lines {
		name := entry[l.Source]
		if data[name] == nil {
			data[name] = &bytes.Buffer{}
		}
		data[name].Write(l.Raw)
		data[name].WriteByte('\n')
	}
	var entries []episodetest.Entry
	for name, b := range data {
		entries = append(entries, episodetest.Entry{Name: name, Data: b.String()})
	}
	slices.SortFunc(entries, func(a, b episodetest.Entry) int { return cmp.Compare(a.Name, b.Name) })
	return episodetest.Store(episodetest.Squeeze(t, episodetest.Pack(t, entries...)))
}

var clockIn = regexp.MustCompile(`("t_wall_ns": ?)\d+`)

// at returns a line with another time.
func at(l livetest.Line, ns int64) livetest.Line {
	with := []byte("${1}" + strconv.FormatInt(ns, 10))
	return livetest.Line{Source: l.Source, UnixNs: ns, Text: clockIn.ReplaceAll(l.Text, with), Raw: clockIn.ReplaceAll(l.Raw, with)}
}

// someEpisode returns the lines of a recording.
func someEpisode(t testing.TB) (lines []livetest.Line, zero int64) {
	t.Helper()
	return livetest.Lines(t, os.DirFS(episodetest.Corpus), episodetest.Names(t, 100)[1])
}

// TestRules feeds streams that are not as they should be, and compares them with the batch over the
// rows that the rules leave.
func TestRules(t *testing.T) {
	lines, zero := someEpisode(t)
	half := len(lines) / 2
	for lines[half].Source != "guest" {
		half++
	}
	row := lines[half]
	less := slices.Concat(lines[:half], lines[half+1:])
	for _, c := range []struct {
		name         string
		stream, kept []livetest.Line
		want         Stats
	}{
		{"out of order by less than the lateness", jitter(lines, 900e6), lines, Stats{}},
		{"rows that come twice", twice(lines), twice(lines), Stats{}},
		{"a source that is missing", without(lines, "netflow"), without(lines, "netflow"), Stats{}},
		{"a source that ends", ending(lines, "qmp", half), ending(lines, "qmp", half), Stats{}},
		{"a row that is late", slices.Insert(slices.Clone(less), half+100, row), less, Stats{Late: 1}},
		{"a clock a year ahead", slices.Insert(slices.Clone(lines), half, at(row, row.UnixNs+365*86400e9)), lines, Stats{Ahead: 1}},
		{"a clock a year behind", slices.Insert(slices.Clone(lines), half, at(row, row.UnixNs-365*86400e9)), lines, Stats{Late: 1}},
		{"lines that are none", slices.Insert(slices.Clone(lines), half, livetest.Line{Text: []byte("{")}, livetest.Line{Text: []byte(`{"source":"x"}`)},
			livetest.Line{Text: []byte(`{"a":1}`)}, livetest.Line{Text: []byte(`{"source":"qmp","t_wall_ns":null}`)}), lines, Stats{Broken: 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := model.Grid{Window: 10, Stride: 5, Hz: 10}
			b := newBatchOf(t, pack(t, c.kept), episodetest.Name, g)
			h := listen(t, c.stream, zero, g, 1, 600)
			if h.stats.Rows, h.stats.Windows = 0, 0; h.stats != c.want {
				t.Errorf("%+v, want %+v", h.stats, c.want)
			}
			if len(h.window) != len(b.windows.Center) || len(h.window) < 3 {
				t.Fatalf("%d windows, want %d", len(h.window), len(b.windows.Center))
			}
			for k := range h.window {
				if summary, tensor := b.same(h, k); !summary || !tensor {
					t.Errorf("window %d: the same summary: %v, tensor: %v", k, summary, tensor)
				}
			}
		})
	}
}

// jitter puts lines into an order in which none is before a later one by ns or more.
func jitter(lines []livetest.Line, ns int64) []livetest.Line {
	key := func(l livetest.Line) int64 { return l.UnixNs + l.UnixNs/1e8*7919%ns }
	out := slices.Clone(lines)
	slices.SortStableFunc(out[1:], func(a, b livetest.Line) int { return cmp.Compare(key(a), key(b)) })
	return out
}

func twice(lines []livetest.Line) (out []livetest.Line) {
	for i, l := range lines {
		if out = append(out, l); i%7 == 0 && l.Source != Meta && l.Source != Labels {
			out = append(out, l)
		}
	}
	return out
}

func without(lines []livetest.Line, source string) []livetest.Line { return ending(lines, source, 0) }

// ending leaves out the rows of a source from some line on.
func ending(lines []livetest.Line, source string, from int) (out []livetest.Line) {
	for i, l := range lines {
		if i < from || l.Source != source {
			out = append(out, l)
		}
	}
	return out
}

// TestProvisional stops a source. A window that it might still change waits, and is marked
// provisional when it has waited long enough.
func TestProvisional(t *testing.T) {
	lines, zero := someEpisode(t)
	h := listen(t, ending(lines, "guest", len(lines)/2), zero, model.Grid{Window: 10, Stride: 5, Hz: 10}, 1, 2)
	if h.stats.Provisional == 0 || h.stats.Provisional == h.stats.Windows || h.window[0].Provisional {
		t.Errorf("%+v", h.stats)
	}
	cured := model.Grid{Window: 10, Stride: 5, Hz: 10, Cures: channel.Cures{MaxGap: 1}}
	if h := listen(t, ending(lines, "guest", len(lines)/2), zero, cured, 1, 2); h.stats.Provisional != 0 {
		t.Errorf("with max_gap nothing has to wait: %+v", h.stats)
	}
}

// TestPause repeats a recording two days later. The windows of the pause are skipped, those of the
// repetition are there, and no more rows are kept than windows need.
func TestPause(t *testing.T) {
	lines, zero := someEpisode(t)
	const days = 2 * 86400
	long := slices.Clone(lines[1:])
	for _, l := range lines[1:] {
		long = append(long, at(l, l.UnixNs+days*1e9))
	}
	g := model.Grid{Window: 10, Stride: 5, Hz: 10}
	n := 0
	d, err := New(Options{Models: []Voice{{"ear", newEar(g)}}, Grid: g, Start: zero, HasStart: true, Lateness: 1, Wait: 5},
		func(*Window) error { n++; return nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range long {
		if err := d.Line(l.Text); err != nil {
			t.Fatal(err)
		}
		for s := range d.queues {
			if kept := len(d.queues[s].waiting) + d.queues[s].flow.Len(); kept > 400 {
				t.Fatalf("%d rows are kept", kept)
			}
		}
	}
	if err := d.End(); err != nil {
		t.Fatal(err)
	}
	s := d.Stats()
	if s.Ahead+s.Late+s.Excess > 0 || s.Skipped < days/5-40 || s.Skipped > days/5 || n < 10 || n > 60 {
		t.Errorf("%d windows, %+v", n, s)
	}
}

// TestNewRefuses wants an error for what cannot be had.
func TestNewRefuses(t *testing.T) {
	g := model.Grid{Window: 10, Stride: 5, Hz: 10}
	moved := g
	moved.Cures.RetimeNetflow = true
	ear := []Voice{{"ear", newEar(g)}}
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Grid: g}, "no model"},
		{Options{Models: []Voice{{"ear", newEar(moved)}}, Grid: moved}, "retime_netflow cannot be had live"},
		{Options{Models: ear, Grid: g, Lateness: -1}, "lateness is -1 s"},
		{Options{Models: ear, Grid: model.Grid{Window: 10}}, "each 0 s"},
		{Options{Models: ear, Grid: model.Grid{Window: 20, Stride: 5}}, "windows of 100 points"},
		{Options{Models: ear, Grid: model.Grid{Window: 10, Stride: 5, Cures: channel.Cures{MaxGap: 2}}}, "another schema"},
		{Options{Models: ear, Grid: g, View: model.Realistic}, "view: oracle"},
	} {
		if _, err := New(c.o, nil); err == nil || !bytes.Contains([]byte(err.Error()), []byte(c.want)) {
			t.Errorf("%+v: %v, want %q", c.o.Grid, err, c.want)
		}
	}
}

// TestFindCures finds the cures of a model by their hash.
func TestFindCures(t *testing.T) {
	g := model.Grid{Window: 10, Stride: 5, Hz: 10}
	g.Cures = channel.Cures{MaxGap: 3, ResetsMissing: true, ExactConstants: true}
	about := newEar(g).about
	got, err := FindCures(about, model.Grid{Window: 10, Stride: 5})
	if err != nil || got.Cures != g.Cures {
		t.Errorf("%+v, %v", got.Cures, err)
	}
	if _, err := FindCures(about, model.Grid{Window: 20, Stride: 5}); err == nil {
		t.Error("another window has been taken")
	}
}

// FuzzLine feeds anything after the rows of a recording. Nothing may panic, and no more may be kept
// than is allowed.
func FuzzLine(f *testing.F) {
	lines, zero := someEpisode(f)
	for _, l := range lines[:8] {
		f.Add(l.Text)
	}
	f.Add([]byte(`{"source":"labels","t_wall_ns":1,"phase":"clean"}` + "\n" + `{"source":"guest","t_wall_ns":9e18}`))
	f.Add([]byte(`{"source":"meta","result":{"duration_observed_s":1e300}}`))
	g := model.Grid{Window: 10, Stride: 5, Hz: 10}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, start := range []bool{true, false} {
			windows := 0
			d, err := New(Options{Models: []Voice{{"ear", newEar(g)}}, Grid: g, Start: zero, HasStart: start},
				func(*Window) error { windows++; return nil })
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range bytes.Split(data, []byte{'\n'}) {
				if err := d.Line(line); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.End(); err != nil || windows > 10_000 {
				t.Fatalf("%d windows, %v", windows, err)
			}
		}
	})
}

// TestSourceOf finds the source of a line wherever it is, and the first of two.
func TestSourceOf(t *testing.T) {
	for line, want := range map[string]string{
		`{"source":"guest"`:                             "guest",
		` {"t": [1, {"source": 2}], "source" : "a\"b"}`: `a"b`,
		`{"source":"proc","source":"qmp"}`:              "proc",
		`{"source":1}`:                                  "", `{}`: "", `{"a":1}`: "", `[]`: "", ``: "", `{"source"`: "", `{"source":`: "", `{"a":1,`: "", `{"a":[`: "",
	} {
		if got, err := sourceOf([]byte(line)); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v, want %q", line, got, err, want)
		}
	}
	for name, want := range map[string]channel.Source{"host_proc": channel.Proc, "guest_agent": channel.Guest,
		"host_qmp": channel.QMP, "bridge_pcap": channel.Netflow, "netflow": channel.Netflow} {
		if got, ok := sourceIndex(name); !ok || got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
}
