package telemetry

import (
	"io/fs"
	"os"
	"testing"
)

const corpus = "../../../testdata/corpus"

// names lists every nth episode of the corpus.
func names(t testing.TB, n int) []string {
	t.Helper()
	all, err := fs.Glob(os.DirFS(corpus), "*/*"+Suffix)
	if err != nil || len(all) == 0 {
		t.Fatalf("the corpus is not at %s: %v", corpus, err)
	}
	var some []string
	for i := 0; i < len(all); i += n {
		some = append(some, all[i])
	}
	return some
}

// TestReuse: what a reader read before leaves no trace in what it reads.
func TestReuse(t *testing.T) {
	store := os.DirFS(corpus)
	used := newReader(t, DefaultLimits())
	if _, err := used.Read(os.DirFS("testdata/golden"), "host-02/ep-0200001"+Suffix); err != nil {
		t.Fatal(err)
	}
	for _, name := range names(t, 20) {
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
			if !sameBits(x.T, y.T) || !sameBits(x.Mono, y.Mono) || !sameBits(x.V, y.V) || x.Lost != y.Lost {
				t.Errorf("%s: %s depends on what was read before", name, Source(s))
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
		entry{name: "meta.json", data: `{"schema_version":1,"episode_id":"ep","host_id":"host","result":{"duration_observed_s":12.5,"rows_qmp":1}}`},
		entry{name: "labels.jsonl", data: `{"phase":"clean","prev":null,"t_mono_ns":1,"t_wall_ns":1795323974892115984}` + "\n"},
		entry{name: "telemetry-qmp.jsonl", data: "\xef\xbb\xbf" + `{"t_mono_ns":500000000,"t_wall_ns":1795323975392115984,"blockstats":{"virtio0":{"rd_ops":7}},"kvm_stats":null}`},
		entry{name: "events.jsonl"}, entry{name: "capture.pcap", data: "xx"}, entry{name: "done"})
	if err != nil {
		t.Fatal(err)
	}
	q := &e.Tables[QMP]
	if q.Len() != 1 || q.T[0] != 0.5 || q.Mono[0] != 0.5 || q.V[0] != 7 || !q.Present {
		t.Errorf("qmp is %+v", q)
	}
	if !e.Done || !e.Events || !e.Capture || e.Tables[Proc].Present || e.Meta.Duration != 12.5 || e.Meta.Rows[QMP] != 1 || e.Meta.Rows[Proc] != -1 {
		t.Errorf("the episode is %+v", e)
	}
}
