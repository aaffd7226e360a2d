package episode

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/episode/episodetest"
)

func TestBroken(t *testing.T) {
	good := episodetest.Squeeze(t, episodetest.Pack(t, episodetest.Entry{Name: "done"}, episodetest.Entry{Name: "meta.json", Data: `{"a":1}`}))
	cut := episodetest.Pack(t, episodetest.Entry{Name: "meta.json", Data: strings.Repeat("x", 600)})
	for name, file := range map[string][]byte{
		"empty":            {},
		"no zstd":          []byte("plain text"),
		"gzip":             {0x1f, 0x8b, 8, 0, 0, 0, 0, 0},
		"cut zstd":         good[:len(good)-7],
		"empty tar":        episodetest.Squeeze(t, nil),
		"no tar":           episodetest.Squeeze(t, bytes.Repeat([]byte("prose "), 500)),
		"cut in a header":  episodetest.Squeeze(t, cut[:300]),
		"cut in a content": episodetest.Squeeze(t, cut[:700]),
		"trailing garbage": append(bytes.Clone(good), "garbage"...),
	} {
		e, err := newReader(t, DefaultLimits()).Read(episodetest.Store(file), episodetest.Name)
		var broken *BrokenError
		if !errors.As(err, &broken) {
			t.Errorf("%s: error %v, want a BrokenError", name, err)
		}
		if e.Host != "host" || e.ID != "ep" || e.Meta.Present {
			t.Errorf("%s: the episode is %+v", name, e)
		}
	}
}

func TestFolderAsFile(t *testing.T) {
	fsys := fstest.MapFS{episodetest.Name: {Mode: fs.ModeDir}}
	var broken *BrokenError
	if _, err := newReader(t, DefaultLimits()).Read(fsys, episodetest.Name); !errors.As(err, &broken) {
		t.Errorf("error %v, want a BrokenError", err)
	}
	if _, err := newReader(t, DefaultLimits()).Read(fstest.MapFS{}, episodetest.Name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one that is fs.ErrNotExist", err)
	}
}

// TestBombs: files that unpack to much more than they are, whatever the frame
// says of its size, cost no more than the bound.
func TestBombs(t *testing.T) {
	bomb := episodetest.Squeeze(t, make([]byte, 64<<20))
	frames := bytes.Repeat(episodetest.Squeeze(t, make([]byte, 1<<20)), 64)
	l := DefaultLimits()
	l.Free = 4 << 20
	for name, file := range map[string][]byte{"one frame": bomb, "many frames": frames} {
		r := newReader(t, l)
		var limit *LimitError
		if _, err := r.Read(episodetest.Store(file), episodetest.Name); !errors.As(err, &limit) {
			t.Errorf("%s: error %v, want a LimitError", name, err)
		}
		if got := cap(r.container.raw); got > 16<<20 {
			t.Errorf("%s: %d bytes were kept", name, got)
		}
		if _, ok := r.Sum(); !ok {
			t.Errorf("%s: the file has no sum, though it was read", name)
		}
	}
	l.File = 100
	r := newReader(t, l)
	var limit *LimitError
	if _, err := r.Read(episodetest.Store(bytes.Repeat([]byte{1}, 101)), episodetest.Name); !errors.As(err, &limit) {
		t.Errorf("large file: error %v, want a LimitError", err)
	}
	if _, ok := r.Sum(); ok {
		t.Error("a part of a file has a sum")
	}
}

func TestFindings(t *testing.T) {
	many := make([]episodetest.Entry, 70)
	for i := range many {
		many[i].Name = fmt.Sprintf("x%d", i)
	}
	for _, c := range []struct {
		name    string
		entries []episodetest.Entry
		rules   []string
	}{
		{"plain", []episodetest.Entry{{Name: "done"}, {Name: "capture.pcap"}, {Name: "events.jsonl"}}, nil},
		{"dot slash", []episodetest.Entry{{Name: "./", Header: tar.Header{Typeflag: tar.TypeDir}}, {Name: "./done"}}, nil},
		{"pax", []episodetest.Entry{{Name: "done", Header: tar.Header{PAXRecords: map[string]string{"mtime": "1.25"}, Format: tar.FormatPAX}}}, nil},
		{"gnu", []episodetest.Entry{{Name: strings.Repeat("long/", 40), Header: tar.Header{Format: tar.FormatGNU}}}, nil}, // a folder
		{"absolute", []episodetest.Entry{{Name: "/tmp/x"}}, []string{EntryPath}},
		{"up", []episodetest.Entry{{Name: "../../x"}}, []string{EntryPath}},
		{"up inside", []episodetest.Entry{{Name: "a/../../x"}}, []string{EntryPath}},
		{"up backwards", []episodetest.Entry{{Name: `..\x`}}, []string{EntryPath}},
		{"symlink", []episodetest.Entry{{Name: "done", Header: tar.Header{Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}}}, []string{EntryLink}},
		{"hard link", []episodetest.Entry{{Name: "done", Header: tar.Header{Typeflag: tar.TypeLink, Linkname: "../x"}}}, []string{EntryLink}},
		{"fifo", []episodetest.Entry{{Name: "done", Header: tar.Header{Typeflag: tar.TypeFifo}}}, []string{EntrySpecial}},
		{"device", []episodetest.Entry{{Name: "done", Header: tar.Header{Typeflag: tar.TypeChar}}}, []string{EntrySpecial}},
		{"twice", []episodetest.Entry{{Name: "done"}, {Name: "./done"}}, []string{EntryDuplicate}},
		{"unknown", []episodetest.Entry{{Name: "notes.txt"}, {Name: "done/x"}}, []string{EntryUnknown, EntryUnknown}},
		{"many", many, slices.Concat(slices.Repeat([]string{EntryUnknown}, 64), []string{EntryCount})},
	} {
		e, err := read(t, DefaultLimits(), c.entries...)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var rules []string
		for _, f := range e.Findings {
			rules = append(rules, f.Rule)
		}
		if !slices.Equal(rules, c.rules) {
			t.Errorf("%s: %v, want %v", c.name, e.Findings, c.rules)
		}
	}
}

// TestAfterBroken: a file that cannot be read is nothing to the ones after it.
func TestAfterBroken(t *testing.T) {
	good := episodetest.Squeeze(t, episodetest.Pack(t, episodetest.Entry{Name: "done"}, episodetest.Entry{Name: "meta.json", Data: `{"schema_version":7}`}))
	bomb := episodetest.Squeeze(t, make([]byte, 64<<20))
	r := newReader(t, DefaultLimits())
	for _, other := range [][]byte{good[:len(good)-7], bomb, []byte("plain text"), good[:20], bytes.Repeat(episodetest.Squeeze(t, make([]byte, 1<<20)), 40), nil} {
		if _, err := r.Read(episodetest.Store(other), episodetest.Name); err == nil {
			t.Errorf("%d bytes are read without an error", len(other))
		}
		if e, err := r.Read(episodetest.Store(good), episodetest.Name); err != nil || e.Meta.Version != 7 {
			t.Errorf("after %d bytes: %+v, %v", len(other), e.Meta, err)
		}
	}
}

// TestUnpackAgain: what fits into memory at hand is what a stream makes of it.
func TestUnpackAgain(t *testing.T) {
	for _, name := range episodetest.Names(t, 60) {
		c := newReader(t, DefaultLimits()).container
		if err := c.open(os.DirFS(episodetest.Corpus), name); err != nil {
			t.Fatal(err)
		}
		stream := bytes.Clone(c.raw)
		if err := c.open(os.DirFS(episodetest.Corpus), name); err != nil || !bytes.Equal(stream, c.raw) {
			t.Errorf("%s: the second time is another: %v", name, err)
		}
	}
}

// TestNoGarbage: reading on takes hardly any memory. What is left are the
// strings of small files and the headers of the tar.
func TestNoGarbage(t *testing.T) {
	r := newReader(t, DefaultLimits())
	some := episodetest.Names(t, 60)
	read := func() {
		for _, name := range some {
			if _, err := r.Read(os.DirFS(episodetest.Corpus), name); err != nil {
				t.Fatal(err)
			}
		}
	}
	read()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read()
	runtime.ReadMemStats(&after)
	if kb := (after.TotalAlloc - before.TotalAlloc) / uint64(len(some)) >> 10; kb > 64 {
		t.Errorf("%d KiB are allocated an episode", kb)
	} else {
		t.Logf("%d KiB an episode", kb)
	}
}

// TestTrust: a reader that trusts a file reads past a wrong checksum of its
// content, and finds all else that is wrong with it.
func TestTrust(t *testing.T) {
	good := episodetest.Squeeze(t, episodetest.Pack(t, episodetest.Entry{Name: "done"}, episodetest.Entry{Name: "meta.json", Data: `{"host_id":"h"}`}))
	wrong := bytes.Clone(good)
	wrong[len(wrong)-1] ^= 1
	r, err := NewTrustingReader(DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if e, err := r.Read(episodetest.Store(wrong), episodetest.Name); err != nil || e.Meta.HostID != "h" {
		t.Errorf("error %v, meta %+v", err, e.Meta)
	}
	var broken *BrokenError
	if _, err := newReader(t, DefaultLimits()).Read(episodetest.Store(wrong), episodetest.Name); !errors.As(err, &broken) {
		t.Errorf("error %v, want a BrokenError", err)
	}
	if _, err := r.Read(episodetest.Store(good[:len(good)-9]), episodetest.Name); !errors.As(err, &broken) {
		t.Errorf("cut: error %v, want a BrokenError", err)
	}
}
