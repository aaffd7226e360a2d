package signal

import (
	"bytes"
	"os"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
)

// FuzzEpisode reads the entries of a tar, up to the windows. Nothing may panic,
// and nothing may grow out of proportion.
func FuzzEpisode(f *testing.F) {
	for _, name := range []string{"host-03/ep-0300002", "host-02/ep-0240002"} {
		entries := episodetest.Entries(f, os.DirFS("testdata/golden"), name+episode.Suffix)
		f.Add(entries["meta.json"], head(entries["labels.jsonl"]), head(entries["telemetry-qmp.jsonl"]))
	}
	f.Add([]byte(`{"result":{"duration_observed_s":1e9},"sample":[]}`),
		[]byte(`{"t_wall_ns":0,"phase":null}`+"\n"+`{"t_wall_ns":-9e18,"phase":"clean","prev":{}}`),
		[]byte(`{"t_wall_ns":Infinity,"pkts_in":1}`+"\n"+`{"t_wall_ns":NaN}`+"\n"+`{"t_wall_ns":9223372036854775808}`))
	l := episode.DefaultLimits()
	l.Windows = 100
	reader := newReader(f, l)
	var g Set
	z := Summarizer{Window: 10, Stride: 5, MaxWindows: l.Windows}
	f.Fuzz(func(t *testing.T, meta, labels, rows []byte) {
		entries := []episodetest.Entry{{Name: "meta.json", Data: string(meta)}, {Name: "labels.jsonl", Data: string(labels)}}
		for s := range channel.Source(channel.NumSources) {
			entries = append(entries, episodetest.Entry{Name: s.Entry(), Data: string(rows)})
		}
		e, err := reader.Read(episodetest.Store(episodetest.Squeeze(t, episodetest.Pack(t, entries...))), episodetest.Name)
		if err != nil {
			return // larger than the limits
		}
		g.Load(e)
		w, _ := z.Summarize(e, &g)
		if n := len(w.Center); len(w.X) != n*channel.NumFeatures || len(w.Class) != n || n > l.Windows {
			t.Fatalf("%d centres, %d classes, %d values", n, len(w.Class), len(w.X))
		}
		for s := range e.Tables {
			if tab := &e.Tables[s]; len(tab.V) != tab.Len()*tab.Width || len(tab.Mono) != tab.Len() {
				t.Fatalf("%s: %d rows, %d values", channel.Source(s), tab.Len(), len(tab.V))
			}
		}
	})
}

// head returns the first lines of a file: the fuzzer gets nowhere with more.
func head(data []byte) []byte {
	lines := bytes.SplitAfterN(data, []byte("\n"), 5)
	return bytes.Join(lines[:min(len(lines), 4)], nil)
}
