package episode

import (
	"bytes"
	"os"
	"testing"

	"assay/steps/kit/episode/episodetest"
)

// FuzzTar reads what lies inside the compression.
func FuzzTar(f *testing.F) {
	f.Add(episodetest.Pack(f, episodetest.Entry{Name: "./meta.json", Data: "{}"}, episodetest.Entry{Name: "done"}))
	f.Add(episodetest.Pack(f, episodetest.Entry{Name: "done", Data: "x"})[:1024])
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

// TestBytes reads every prefix length and a flip of every byte region of a real
// file: errors, never a panic.
func TestBytes(t *testing.T) {
	name := episodetest.Names(t, 1000)[0]
	file, err := os.ReadFile(episodetest.Corpus + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	r := newReader(t, DefaultLimits())
	for i := 0; i < len(file); i += len(file)/40 + 1 {
		if _, err := r.Read(episodetest.Store(file[:i]), episodetest.Name); err == nil {
			t.Errorf("%d of %d bytes are an episode", i, len(file))
		}
		flipped := bytes.Clone(file)
		flipped[i] ^= 0x10
		if _, err := r.Read(episodetest.Store(flipped), episodetest.Name); err == nil && i > 8 {
			t.Errorf("a flip at byte %d goes unnoticed", i)
		}
	}
}
