package table

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// readers are the three tables' readers, with a file in every place.
func readers(b []byte) map[string]func() error {
	one := fstest.MapFS{"part.parquet": file(b), AssignmentFile: file(b), PredictionsFile: file(b), SplitInfoFile: file([]byte(`{"by":"time"}`))}
	return map[string]func() error{
		"index":      func() error { _, err := ReadIndex(only(one, "part.parquet")); return err },
		"windows":    func() error { _, err := ReadWindows(only(one, "part.parquet")); return err },
		"assignment": func() error { _, err := ReadAssignment(one); return err },

		"predictions": func() error { _, err := ReadPredictions(one); return err },
	}
}

func only(m fstest.MapFS, name string) fs.FS { return fstest.MapFS{name: m[name]} }

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// harmless fails if reading b panics or takes more than 512 MB.
func harmless(t *testing.T, b []byte) {
	t.Helper()
	for table, read := range readers(b) {
		var err error
		if n := allocated(func() { err = read() }); n > 512<<20 {
			t.Fatalf("reading it as %s takes %d MB (%v)", table, n>>20, err)
		}
	}
}

// withFooter changes what a file says of itself.
func withFooter(t *testing.T, b []byte, change func(*format.FileMetaData)) []byte {
	t.Helper()
	meta := footer(t, b)
	change(meta)
	foot, err := thrift.Marshal(new(thrift.CompactProtocol), meta)
	if err != nil {
		t.Fatal(err)
	}
	n := binary.LittleEndian.Uint32(b[len(b)-8:])
	out := append(bytes.Clone(b[:len(b)-8-int(n)]), foot...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(foot))), "PAR1"...)
}

func TestFootersThatLie(t *testing.T) {
	good := windowsBytes(t, featureNames(3), "", sampleBlocks(5, 3))
	group := func(m *format.FileMetaData) *format.RowGroup { return &m.RowGroups[0] }
	first := func(m *format.FileMetaData) *format.ColumnMetaData { return &group(m).Columns[0].MetaData }
	for name, change := range map[string]func(*format.FileMetaData){
		"rows":           func(m *format.FileMetaData) { group(m).NumRows, m.NumRows = 1<<40, 1<<40 },
		"many rows":      func(m *format.FileMetaData) { group(m).NumRows, m.NumRows = 200_000, 200_000 },
		"negative rows":  func(m *format.FileMetaData) { group(m).NumRows, m.NumRows = -1, -1 },
		"other rows":     func(m *format.FileMetaData) { m.NumRows++ },
		"one row less":   func(m *format.FileMetaData) { m.NumRows--; group(m).NumRows-- },
		"offset":         func(m *format.FileMetaData) { first(m).DataPageOffset = 1 << 40; first(m).DictionaryPageOffset = 0 },
		"inside out":     func(m *format.FileMetaData) { first(m).DataPageOffset = -4 },
		"size":           func(m *format.FileMetaData) { first(m).TotalCompressedSize = 1 << 50 },
		"no size":        func(m *format.FileMetaData) { first(m).TotalCompressedSize = 0 },
		"codec":          func(m *format.FileMetaData) { first(m).Codec = format.Gzip },
		"other codec":    func(m *format.FileMetaData) { first(m).Codec = format.Snappy },
		"no codec":       func(m *format.FileMetaData) { first(m).Codec = format.Uncompressed },
		"other file":     func(m *format.FileMetaData) { group(m).Columns[0].FilePath = "/etc/passwd" },
		"no schema":      func(m *format.FileMetaData) { m.Schema = nil },
		"short schema":   func(m *format.FileMetaData) { m.Schema = m.Schema[:3] },
		"long schema":    func(m *format.FileMetaData) { m.Schema = append(m.Schema, m.Schema[1]) },
		"children":       func(m *format.FileMetaData) { m.Schema[0].NumChildren.V = 1 << 30 },
		"no columns":     func(m *format.FileMetaData) { group(m).Columns = nil },
		"column twice":   func(m *format.FileMetaData) { m.Schema[2].Name = m.Schema[1].Name },
		"another type":   func(m *format.FileMetaData) { m.Schema[1].Type.V = format.Double },
		"no such type":   func(m *format.FileMetaData) { m.Schema[1].Type.V = 99 },
		"nulls":          func(m *format.FileMetaData) { m.Schema[8].RepetitionType.V = format.Optional },
		"a list":         func(m *format.FileMetaData) { m.Schema[8].RepetitionType.V = format.Repeated },
		"feature's type": func(m *format.FileMetaData) { m.Schema[8].Type.V = format.Int64 },
		"feature's kind": func(m *format.FileMetaData) { m.Schema[8].Type.V = format.Int96 },
	} {
		b := withFooter(t, good, change)
		harmless(t, b)
		if _, err := ReadWindows(fstest.MapFS{"w.parquet": file(b)}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestDamage flips bits and cuts files of all tables and writers.
func TestDamage(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for name, good := range seedFiles(t) {
		ours := !strings.Contains(name, "-")
		for range 60 {
			bad := bytes.Clone(good)
			bad[rng.IntN(len(bad))] ^= 1 << rng.IntN(8)
			harmless(t, bad)
			harmless(t, good[:rng.IntN(len(good))])
		}
		if !ours {
			continue
		}
		column := footer(t, good).RowGroups[0].Columns[0].MetaData
		bad := bytes.Clone(good)
		bad[column.DataPageOffset+column.TotalCompressedSize-1] ^= 16 // the end of a page, whose checksum is then wrong
		if err := readers(bad)[name](); err == nil {
			t.Errorf("%s: a flipped bit in a page goes unnoticed", name)
		}
	}
}
