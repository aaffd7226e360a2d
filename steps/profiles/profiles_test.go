package profiles

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"assay/engine/step"
	"assay/steps/kit/episode"
	"assay/steps/kit/profile"
	"assay/steps/kit/table"
)

const corpus = "../../testdata/corpus"

// some returns every nth episode of the corpus as an index. Profiles are those of meta.json.
func some(t *testing.T, n int) []table.Episode {
	t.Helper()
	store := os.DirFS(corpus)
	names, err := fs.Glob(store, "*/*"+episode.Suffix)
	if err != nil || len(names) == 0 {
		t.Fatalf("the corpus is not at %s: %v", corpus, err)
	}
	r, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var rows []table.Episode
	for i := 0; i < len(names); i += n {
		e, err := r.Read(store, names[i])
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, table.Episode{Key: table.Key{Host: e.Host, Episode: e.ID}, Status: table.Accepted, Profile: e.Meta.Profile})
	}
	return rows
}

type events []step.Message

func (e *events) Emit(x step.Message) { *e = append(*e, x) }

// A result is what the kind made.
type result struct {
	files     map[string][]byte
	envelopes []*profile.Envelope
	reasons   map[table.Key]string // by episodes.csv
	used      int
	warnings  string
}

// compute runs the kind as the engine does.
func compute(ctx context.Context, t *testing.T, p Params, store fs.FS, index []table.Episode) (*result, error) {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := table.WriteIndex(&b, index); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var said events
	err = Kind().Run(step.WithSink(ctx, &said), &p,
		step.Inputs{"episodes": {{FS: store}}, "index": {{FS: fstest.MapFS{"shard-01/index.parquet": {Data: b.Bytes()}}}}},
		step.Outputs{"profiles": root})
	if err != nil {
		return nil, err
	}
	r := &result{files: map[string][]byte{}, reasons: map[table.Key]string{}}
	for _, m := range said {
		if m.Warning != "" {
			r.warnings += m.Warning + "\n"
		}
	}
	for _, name := range []string{profile.File, pointsFile, episodesFile} {
		if r.files[name], err = root.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	if r.envelopes, err = profile.Read(root.FS()); err != nil {
		t.Fatal(err)
	}
	for _, row := range rowsOf(t, r.files[episodesFile]) {
		if r.reasons[table.Key{Host: row[0], Episode: row[1]}] = row[5]; row[4] == "true" {
			r.used++
		}
		if (row[4] == "true") != (row[5] == "") {
			t.Errorf("%q is used or has a reason, and not both", row)
		}
	}
	return r, nil
}

// rowsOf returns the rows of a CSV file without its header.
func rowsOf(t *testing.T, file []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// TestProfiles: what is read is chosen by the hash, each other episode has a reason, and
// a second run makes the same bytes.
func TestProfiles(t *testing.T) {
	index := some(t, 4)
	index[0].Status, index[1].Status, index[2].Profile = table.Degraded, table.Rejected, ""
	p := Defaults()
	p.N = 3
	got, err := compute(t.Context(), t, p, os.DirFS(corpus), index)
	if err != nil {
		t.Fatal(err)
	}
	again, err := compute(t.Context(), t, p, os.DirFS(corpus), index)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range got.files {
		if !bytes.Equal(b, again.files[name]) {
			t.Errorf("%s: a second run makes other bytes", name)
		}
	}
	if len(got.envelopes) != 6 || len(got.reasons) != len(index) || got.warnings != "" {
		t.Fatalf("%d profiles, %d episodes of %d, warnings %q", len(got.envelopes), len(got.reasons), len(index), got.warnings)
	}
	used := 0
	for i, e := range got.envelopes {
		if e.Subject != profile.Defaults()[i] || e.Attempted != 3 || e.Used < 1 {
			t.Errorf("envelope %d is of %+v, %d of %d episodes", i, e.Subject, e.Used, e.Attempted)
		}
		used += e.Used
	}
	if used != got.used || len(rowsOf(t, got.files[pointsFile])) != 6*80 {
		t.Errorf("%d episodes are used, the list says %d", used, got.used)
	}
	for i, want := range []string{"it is degraded", "it is rejected", "its profile is unknown"} {
		if why := got.reasons[index[i].Key]; why != want {
			t.Errorf("%v: %q, want %q", index[i].Key, why, want)
		}
	}
	for _, want := range []string{"no channel is named for the profile \"control\"", "beyond n: it is number 4 of "} {
		if !strings.Contains(string(got.files[episodesFile]), strings.ReplaceAll(want, `"`, `""`)) {
			t.Errorf("no episode has the reason %q", want)
		}
	}
}

// TestFailed: an episode that failed is never infected_running, and counts as attempted.
func TestFailed(t *testing.T) {
	got, err := compute(t.Context(), t, Defaults(), os.DirFS(corpus), some(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	failed, attempted := 0, 0
	for _, why := range got.reasons {
		if why == profile.NeverRunning.Error() {
			failed++
		}
	}
	for _, e := range got.envelopes {
		attempted += e.Attempted
	}
	if failed == 0 || attempted != got.used+failed {
		t.Errorf("%d attempted, %d used, %d failed", attempted, got.used, failed)
	}
}

// TestSignature: the processor is busy while cpu-saturate runs, and not while bursty-c2 does.
func TestSignature(t *testing.T) {
	got, err := compute(t.Context(), t, Defaults(), os.DirFS(corpus), some(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	ratio := map[string]float64{}
	for _, e := range got.envelopes {
		mean := func(p profile.Part) (sum float64) {
			for _, v := range e.Median[p.From+1 : p.To-1] {
				sum += v
			}
			return sum / float64(p.To-p.From-2)
		}
		l, err := e.Layout()
		if err != nil {
			t.Fatal(err)
		}
		parts := l.Parts()
		ratio[e.Profile] = mean(parts[3]) / mean(parts[0])
	}
	if ratio["cpu-saturate"] < 2 || ratio["bursty-c2"] > 2 {
		t.Errorf("infected_running over clean: %v", ratio)
	}
}

// TestChannels: a channel of one's own, a profile of one's own, more points.
func TestChannels(t *testing.T) {
	index := some(t, 8)
	for i := range index {
		if index[i].Profile == "io-walk" {
			index[i].Profile = "own"
		}
	}
	p := Defaults()
	p.Points = 160
	p.Channels.CPUSaturate = "guest.cpu_idle"
	p.Others = []Subject{{"own", "qmp.virtio0_wr_bytes"}, {"bursty-c3", "guest.cpu_user"}}
	got, err := compute(t.Context(), t, p, os.DirFS(corpus), index)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range got.envelopes {
		have = append(have, e.Profile+" "+e.Channel)
		if len(e.Median) != 160 {
			t.Errorf("%s has %d points", e.Profile, len(e.Median))
		}
	}
	if !slices.Contains(have, "cpu-saturate guest.cpu_idle") || !slices.Contains(have, "own qmp.virtio0_wr_bytes") || len(have) != 6 {
		t.Errorf("the envelopes are of %q", have)
	}
	for _, want := range []string{"io-walk (the store has none)", "bursty-c3 (the store has none, but bursty-c2)"} {
		if !strings.Contains(got.warnings, want) {
			t.Errorf("the warnings are %q, want %q", got.warnings, want)
		}
	}
}

// TestCures: cures change something where the corpus has what they cure (tests of package
// profile have the rest); points that no episode has are 0, or with the cure empty.
func TestCures(t *testing.T) {
	index := some(t, 5)
	plain, err := compute(t.Context(), t, Defaults(), os.DirFS(corpus), index)
	if err != nil {
		t.Fatal(err)
	}
	if first := rowsOf(t, plain.files[pointsFile])[0]; first[4] != "0" {
		t.Errorf("the first point is %q: the original has no sample there, and 0", first)
	}
	for name, change := range map[string]func(*Params){
		"segment_midpoints":   func(p *Params) { p.Alignment.SegmentMidpoints = true },
		"missing_points":      func(p *Params) { p.Alignment.MissingPoints = true },
		"contiguous_segments": func(p *Params) { p.Alignment.ContiguousSegments = true },
		"retime_netflow":      func(p *Params) { p.Cures.RetimeNetflow = true },
		"max_gap":             func(p *Params) { p.Cures.MaxGap = step.Duration(150 * time.Millisecond) },
	} {
		p := Defaults()
		change(&p)
		before := plain
		if name == "retime_netflow" {
			p.Channels.CPUSaturate = "netflow.pkts_out"
			q := p
			q.Cures.RetimeNetflow = false
			if before, err = compute(t.Context(), t, q, os.DirFS(corpus), index); err != nil {
				t.Fatal(err)
			}
		}
		got, err := compute(t.Context(), t, p, os.DirFS(corpus), index)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(got.files[pointsFile], before.files[pointsFile]) {
			t.Errorf("%s changes nothing", name)
		}
		if first := rowsOf(t, got.files[pointsFile])[0]; name == "missing_points" && (first[4] != "" || first[7] != "") {
			t.Errorf("the first point is %q, want none", first)
		}
	}
}

// TestNothing: without a usable episode the tables are empty, and a warning says so.
func TestNothing(t *testing.T) {
	got, err := compute(t.Context(), t, Defaults(), fstest.MapFS{}, nil)
	if err != nil || len(got.envelopes) != 0 || !strings.Contains(got.warnings, "no episode is used of cpu-saturate") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestMissing(t *testing.T) {
	index := some(t, 60)
	k := table.Key{}
	for _, e := range index {
		if e.Profile != "control" {
			k = e.Key
		}
	}
	one := []table.Episode{{Key: k, Status: table.Accepted, Profile: "io-walk"}}
	for name, store := range map[string]fstest.MapFS{
		"missing": {}, "changed": {k.Host + "/" + k.Episode + episode.Suffix: {Data: []byte("changed since")}},
	} {
		_, err := compute(t.Context(), t, Defaults(), store, one)
		if err == nil || !strings.Contains(err.Error(), k.Episode) || !strings.Contains(err.Error(), "validate this store again") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := compute(ctx, t, Defaults(), os.DirFS(corpus), index); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// TestCheck: every mistake in the parameters is said at once.
func TestCheck(t *testing.T) {
	p := Defaults()
	p.N, p.Points, p.Statuses = 0, 7, []table.Status{table.Rejected}
	p.Channels.IOWalk = "proc.cpu_sys_jiffie"
	p.Others = []Subject{{"io-walk", "guest.cpu_user"}, {"", "nonsense"}}
	p.Cures.MaxGap = -1
	err := p.Check()
	for _, want := range []string{
		"n is 0", "points is 7, want 16 to 4000", `statuses: "rejected" is not usable`, "channel of io-walk: there is no channel",
		"did you mean proc.cpu_sys_jiffies?", `the profile "io-walk" has a channel already`, "a profile has no name",
		`there is no channel "nonsense"; "assay channels" lists the 46`, "max_gap is -1ns",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nwant %q", err, want)
		}
	}
}
