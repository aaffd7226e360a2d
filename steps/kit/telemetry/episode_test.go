package telemetry

import (
	"bytes"
	"os"
	"testing"
)

// FuzzTar reads what lies inside the compression.
func FuzzTar(f *testing.F) {
	f.Add(pack(f, entry{name: "./meta.json", data: "{}"}, entry{name: "done"}))
	f.Add(pack(f, entry{name: "done", data: "x"})[:1024])
	l := DefaultLimits()
	l.Entries = 5
	c := newReader(f, l).container
	f.Fuzz(func(t *testing.T, archive []byte) {
		c.reset()
		c.raw = archive
		err := c.list()
		if len(c.entries) > l.Entries || len(c.findings) > 2*l.Entries+1 {
			t.Fatalf("%d entries, %d findings (%v)", len(c.entries), len(c.findings), err)
		}
		for name, data := range c.entries {
			if leaves(name) || len(data) > len(archive) {
				t.Fatalf("%q has %d bytes", name, len(data))
			}
		}
	})
}

// FuzzEpisode reads the entries of a tar, up to the windows. Nothing may panic,
// and nothing may grow out of proportion.
func FuzzEpisode(f *testing.F) {
	r := newReader(f, DefaultLimits())
	for _, name := range []string{"host-03/ep-0300002", "host-02/ep-0240002"} {
		if _, err := r.Read(os.DirFS("testdata/golden"), name+Suffix); err != nil {
			f.Fatal(err)
		}
		entries := r.container.entries
		f.Add(bytes.Clone(entries["meta.json"]), head(entries["labels.jsonl"]), head(entries["telemetry-qmp.jsonl"]))
	}
	f.Add([]byte(`{"result":{"duration_observed_s":1e9},"sample":[]}`),
		[]byte(`{"t_wall_ns":0,"phase":null}`+"\n"+`{"t_wall_ns":-9e18,"phase":"clean","prev":{}}`),
		[]byte(`{"t_wall_ns":Infinity,"pkts_in":1}`+"\n"+`{"t_wall_ns":NaN}`+"\n"+`{"t_wall_ns":9223372036854775808}`))
	l := DefaultLimits()
	l.Windows = 100
	reader := newReader(f, l)
	var g Signals
	z := Summarizer{Window: 10, Stride: 5, MaxWindows: l.Windows}
	f.Fuzz(func(t *testing.T, meta, labels, rows []byte) {
		reader.reset(aName)
		reader.container.reset()
		entries := reader.container.entries
		entries["meta.json"], entries["labels.jsonl"] = meta, labels
		for s := range Source(NumSources) {
			entries[s.Entry()] = rows
		}
		e := &reader.episode
		reader.fill(e)
		g.Load(e)
		w, _ := z.Summarize(e, &g)
		if n := len(w.Center); len(w.X) != n*NumFeatures || len(w.Phase) != n || n > l.Windows {
			t.Fatalf("%d centres, %d phases, %d values", n, len(w.Phase), len(w.X))
		}
		for s := range e.Tables {
			if tab := &e.Tables[s]; len(tab.V) != tab.Len()*tab.Width || len(tab.Mono) != tab.Len() {
				t.Fatalf("%s: %d rows, %d values", Source(s), tab.Len(), len(tab.V))
			}
		}
	})
}

// head returns the first lines of a file: the fuzzer gets nowhere with more.
func head(data []byte) []byte {
	lines := bytes.SplitAfterN(data, []byte("\n"), 5)
	return bytes.Join(lines[:min(len(lines), 4)], nil)
}

// TestBytes reads every prefix length and a flip of every byte region of a real
// file: errors, never a panic.
func TestBytes(t *testing.T) {
	name := names(t, 1000)[0]
	file, err := os.ReadFile(corpus + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	r := newReader(t, DefaultLimits())
	for i := 0; i < len(file); i += len(file)/40 + 1 {
		if _, err := r.Read(store(file[:i]), aName); err == nil {
			t.Errorf("%d of %d bytes are an episode", i, len(file))
		}
		flipped := bytes.Clone(file)
		flipped[i] ^= 0x10
		if _, err := r.Read(store(flipped), aName); err == nil && i > 8 {
			t.Errorf("a flip at byte %d goes unnoticed", i)
		}
	}
}
