// Package episodetest makes and finds episodes for tests. It does not import
// package episode, whose own tests use it. [Pack] and [Squeeze] make a file of a
// few entries, [Store] holds it; [Names] lists episodes of the [Corpus].
package episodetest

import (
	"archive/tar"
	"bytes"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"
)

// Corpus is the folder of recorded episodes, seen from a package of the kit.
const Corpus = "../../../testdata/corpus"

// Golden is the folder of made-up episodes, beside the original's arrays of them,
// seen from a package of the kit.
const Golden = "../signal/testdata/golden"

// suffix is that of an episode's file.
const suffix = ".tar.zst"

// Name is the name of the one episode in a [Store].
const Name = "host/ep" + suffix

// Names lists every nth episode of the corpus.
func Names(t testing.TB, n int) []string {
	t.Helper()
	all, err := fs.Glob(os.DirFS(Corpus), "*/*"+suffix)
	if err != nil || len(all) == 0 {
		t.Fatalf("the corpus is not at %s: %v", Corpus, err)
	}
	var some []string
	for i := 0; i < len(all); i += n {
		some = append(some, all[i])
	}
	return some
}

// Store holds one episode, by the name [Name].
func Store(file []byte) fstest.MapFS { return fstest.MapFS{Name: {Data: file}} }

// An Entry is a member of a tar made for a test.
type Entry struct {
	Name, Data string
	Header     tar.Header // its other fields
}

// Pack writes a tar.
func Pack(t testing.TB, entries ...Entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := e.Header
		h.Name, h.Size = e.Name, int64(len(e.Data))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.Data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Squeeze compresses with zstd.
func Squeeze(t testing.TB, b []byte) []byte {
	t.Helper()
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	return e.EncodeAll(b, nil)
}

// Entries returns the contents of an episode's file by name.
func Entries(t testing.TB, fsys fs.FS, name string) map[string][]byte {
	t.Helper()
	entries, err := Unpack(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// Unpack is [Entries] for whoever has no test at hand.
func Unpack(fsys fs.FS, name string) (map[string][]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	entries := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return entries, nil
		}
		if err != nil {
			return nil, err
		}
		if entries[strings.TrimPrefix(h.Name, "./")], err = io.ReadAll(r); err != nil {
			return nil, err
		}
	}
}

// Same is equality of bits but for the sign of zero and the payload of NaN.
func Same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// AllSame is [Same] for slices.
func AllSame(a, b []float64) bool { return slices.EqualFunc(a, b, Same) }
