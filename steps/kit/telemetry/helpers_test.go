package telemetry

import (
	"archive/tar"
	"bytes"
	"io"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"
)

// An entry of a tar made for a test.
type entry struct {
	name, data string
	header     tar.Header // its other fields
}

// pack writes a tar.
func pack(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := e.header
		h.Name, h.Size = e.name, int64(len(e.data))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// squeeze compresses with zstd.
func squeeze(t testing.TB, b []byte) []byte {
	t.Helper()
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	return e.EncodeAll(b, nil)
}

const aName = "host/ep" + Suffix

// store holds one episode, by the name aName.
func store(file []byte) fstest.MapFS { return fstest.MapFS{aName: {Data: file}} }

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
func read(t testing.TB, l Limits, entries ...entry) (*Episode, error) {
	t.Helper()
	return newReader(t, l).Read(store(squeeze(t, pack(t, entries...))), aName)
}
