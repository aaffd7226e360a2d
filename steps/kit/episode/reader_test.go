package episode

import (
	"os"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode/episodetest"
)

func newReader(t testing.TB, l Limits) *Reader {
	t.Helper()
	r, err := NewReader(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// read reads an episode made of entries.
func read(t testing.TB, l Limits, entries ...episodetest.Entry) (*Episode, error) {
	t.Helper()
	return newReader(t, l).Read(episodetest.Store(episodetest.Squeeze(t, episodetest.Pack(t, entries...))), episodetest.Name)
}

// TestReuse: what a reader read before leaves no trace in what it reads.
func TestReuse(t *testing.T) {
	store := os.DirFS(episodetest.Corpus)
	used := newReader(t, DefaultLimits())
	if _, err := used.Read(os.DirFS(episodetest.Golden), "host-02/ep-0200001"+Suffix); err != nil {
		t.Fatal(err)
	}
	for _, name := range episodetest.Names(t, 20) {
		a, err := used.Read(store, name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := newReader(t, DefaultLimits()).Read(store, name)
		if err != nil {
			t.Fatal(err)
		}
		for s := range a.Tables {
			x, y := &a.Tables[s], &b.Tables[s]
			if !episodetest.AllSame(x.T, y.T) || !episodetest.AllSame(x.Mono, y.Mono) || !episodetest.AllSame(x.V, y.V) || x.Lost != y.Lost {
				t.Errorf("%s: %s depends on what was read before", name, channel.Source(s))
			}
		}
		if len(a.Labels.Rows) != len(b.Labels.Rows) || a.Done != b.Done || a.Meta.Duration != b.Meta.Duration {
			t.Errorf("%s: labels or meta depend on what was read before", name)
		}
	}
}

// TestReadEpisode reads everything there is in an episode.
func TestReadEpisode(t *testing.T) {
	e, err := read(t, DefaultLimits(),
		episodetest.Entry{Name: "meta.json", Data: `{"schema_version":1,"episode_id":"ep","host_id":"host","result":{"duration_observed_s":12.5,"rows_qmp":1}}`},
		episodetest.Entry{Name: "labels.jsonl", Data: `{"phase":"clean","prev":null,"t_mono_ns":1,"t_wall_ns":1795323974892115984}` + "\n"},
		episodetest.Entry{Name: "telemetry-qmp.jsonl", Data: "\xef\xbb\xbf" + `{"t_mono_ns":500000000,"t_wall_ns":1795323975392115984,"blockstats":{"virtio0":{"rd_ops":7}},"kvm_stats":null}`},
		episodetest.Entry{Name: "events.jsonl"}, episodetest.Entry{Name: "capture.pcap", Data: "xx"}, episodetest.Entry{Name: "done"})
	if err != nil {
		t.Fatal(err)
	}
	q := &e.Tables[channel.QMP]
	if q.Len() != 1 || q.T[0] != 0.5 || q.Mono[0] != 0.5 || q.V[0] != 7 || !q.Present {
		t.Errorf("qmp is %+v", q)
	}
	if !e.Done || !e.Events || !e.Capture || e.Tables[channel.Proc].Present || e.Meta.Duration != 12.5 || e.Meta.Rows[channel.QMP] != 1 || e.Meta.Rows[channel.Proc] != -1 {
		t.Errorf("the episode is %+v", e)
	}
}
