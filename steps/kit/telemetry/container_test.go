package telemetry

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
)

func TestBroken(t *testing.T) {
	good := squeeze(t, pack(t, entry{name: "done"}, entry{name: "meta.json", data: `{"a":1}`}))
	cut := pack(t, entry{name: "meta.json", data: strings.Repeat("x", 600)})
	for name, file := range map[string][]byte{
		"empty":            {},
		"no zstd":          []byte("plain text"),
		"gzip":             {0x1f, 0x8b, 8, 0, 0, 0, 0, 0},
		"cut zstd":         good[:len(good)-7],
		"empty tar":        squeeze(t, nil),
		"no tar":           squeeze(t, bytes.Repeat([]byte("prose "), 500)),
		"cut in a header":  squeeze(t, cut[:300]),
		"cut in a content": squeeze(t, cut[:700]),
		"trailing garbage": append(bytes.Clone(good), "garbage"...),
	} {
		e, err := newReader(t, DefaultLimits()).Read(store(file), aName)
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
	fsys := fstest.MapFS{aName: {Mode: fs.ModeDir}}
	var broken *BrokenError
	if _, err := newReader(t, DefaultLimits()).Read(fsys, aName); !errors.As(err, &broken) {
		t.Errorf("error %v, want a BrokenError", err)
	}
	if _, err := newReader(t, DefaultLimits()).Read(fstest.MapFS{}, aName); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one that is fs.ErrNotExist", err)
	}
}

// TestBombs: files that unpack to much more than they are, whatever the frame
// says of its size, cost no more than the bound.
func TestBombs(t *testing.T) {
	bomb := squeeze(t, make([]byte, 64<<20))
	frames := bytes.Repeat(squeeze(t, make([]byte, 1<<20)), 64)
	l := DefaultLimits()
	l.Free = 4 << 20
	for name, file := range map[string][]byte{"one frame": bomb, "many frames": frames} {
		r := newReader(t, l)
		var limit *LimitError
		if _, err := r.Read(store(file), aName); !errors.As(err, &limit) {
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
	if _, err := r.Read(store(bytes.Repeat([]byte{1}, 101)), aName); !errors.As(err, &limit) {
		t.Errorf("large file: error %v, want a LimitError", err)
	}
	if _, ok := r.Sum(); ok {
		t.Error("a part of a file has a sum")
	}
}

func TestFindings(t *testing.T) {
	many := make([]entry, 70)
	for i := range many {
		many[i].name = fmt.Sprintf("x%d", i)
	}
	for _, c := range []struct {
		name    string
		entries []entry
		rules   []string
	}{
		{"plain", []entry{{name: "done"}, {name: "capture.pcap"}, {name: "events.jsonl"}}, nil},
		{"dot slash", []entry{{name: "./", header: tar.Header{Typeflag: tar.TypeDir}}, {name: "./done"}}, nil},
		{"pax", []entry{{name: "done", header: tar.Header{PAXRecords: map[string]string{"mtime": "1.25"}, Format: tar.FormatPAX}}}, nil},
		{"gnu", []entry{{name: strings.Repeat("long/", 40), header: tar.Header{Format: tar.FormatGNU}}}, nil}, // a folder
		{"absolute", []entry{{name: "/tmp/x"}}, []string{EntryPath}},
		{"up", []entry{{name: "../../x"}}, []string{EntryPath}},
		{"up inside", []entry{{name: "a/../../x"}}, []string{EntryPath}},
		{"up backwards", []entry{{name: `..\x`}}, []string{EntryPath}},
		{"symlink", []entry{{name: "done", header: tar.Header{Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}}}, []string{EntryLink}},
		{"hard link", []entry{{name: "done", header: tar.Header{Typeflag: tar.TypeLink, Linkname: "../x"}}}, []string{EntryLink}},
		{"fifo", []entry{{name: "done", header: tar.Header{Typeflag: tar.TypeFifo}}}, []string{EntrySpecial}},
		{"device", []entry{{name: "done", header: tar.Header{Typeflag: tar.TypeChar}}}, []string{EntrySpecial}},
		{"twice", []entry{{name: "done"}, {name: "./done"}}, []string{EntryDuplicate}},
		{"unknown", []entry{{name: "notes.txt"}, {name: "done/x"}}, []string{EntryUnknown, EntryUnknown}},
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
	good := squeeze(t, pack(t, entry{name: "done"}, entry{name: "meta.json", data: `{"schema_version":7}`}))
	bomb := squeeze(t, make([]byte, 64<<20))
	r := newReader(t, DefaultLimits())
	for _, other := range [][]byte{good[:len(good)-7], bomb, []byte("plain text"), good[:20], bytes.Repeat(squeeze(t, make([]byte, 1<<20)), 40), nil} {
		if _, err := r.Read(store(other), aName); err == nil {
			t.Errorf("%d bytes are read without an error", len(other))
		}
		if e, err := r.Read(store(good), aName); err != nil || e.Meta.Version != 7 {
			t.Errorf("after %d bytes: %+v, %v", len(other), e.Meta, err)
		}
	}
}

// TestUnpackAgain: what fits into memory at hand is what a stream makes of it.
func TestUnpackAgain(t *testing.T) {
	for _, name := range names(t, 60) {
		c := newReader(t, DefaultLimits()).container
		if err := c.open(os.DirFS(corpus), name); err != nil {
			t.Fatal(err)
		}
		stream := bytes.Clone(c.raw)
		if err := c.open(os.DirFS(corpus), name); err != nil || !bytes.Equal(stream, c.raw) {
			t.Errorf("%s: the second time is another: %v", name, err)
		}
	}
}

// TestNoGarbage: reading on takes hardly any memory. What is left are the
// strings of small files and the headers of the tar.
func TestNoGarbage(t *testing.T) {
	r := newReader(t, DefaultLimits())
	some := names(t, 60)
	read := func() {
		for _, name := range some {
			if _, err := r.Read(os.DirFS(corpus), name); err != nil {
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
	good := squeeze(t, pack(t, entry{name: "done"}, entry{name: "meta.json", data: `{"host_id":"h"}`}))
	wrong := bytes.Clone(good)
	wrong[len(wrong)-1] ^= 1
	r, err := NewTrustingReader(DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if e, err := r.Read(store(wrong), aName); err != nil || e.Meta.HostID != "h" {
		t.Errorf("error %v, meta %+v", err, e.Meta)
	}
	var broken *BrokenError
	if _, err := newReader(t, DefaultLimits()).Read(store(wrong), aName); !errors.As(err, &broken) {
		t.Errorf("error %v, want a BrokenError", err)
	}
	if _, err := r.Read(store(good[:len(good)-9]), aName); !errors.As(err, &broken) {
		t.Errorf("cut: error %v, want a BrokenError", err)
	}
}
