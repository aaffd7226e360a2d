package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
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
	meta, err := readFooter(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	change(meta)
	foot, err := thrift.Marshal(new(thrift.CompactProtocol), meta)
	if err != nil {
		t.Fatal(err)
	}
	n := binary.LittleEndian.Uint32(b[len(b)-8:])
	return endWith(b[:len(b)-8-int(n)], foot)
}

// endWith ends a file with a footer.
func endWith(data, foot []byte) []byte {
	out := append(bytes.Clone(data), foot...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(foot)))
	return append(out, magic...)
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

func TestFootersOfNonsense(t *testing.T) {
	list := func(n uint64) []byte { // field 2, the schema: a list of n structs
		return binary.AppendUvarint([]byte{0x29, 0xfc}, n)
	}
	for name, foot := range map[string][]byte{
		"empty":     {},
		"long list": list(1 << 31),
		"full list": append(list(maxElements+1), make([]byte, maxElements+2)...),
		"deep":      bytes.Repeat([]byte{0x1c}, 1<<20),
		"deep list": bytes.Repeat([]byte{0x19}, 1<<20),
		"long text": binary.AppendUvarint([]byte{0x68}, 1<<62),
		"bad type":  {0x1f},
		"a map":     {0x1b, 0xff, 0xff, 0xff, 0xff, 0x0f, 0xcc},
		"number":    append([]byte{0x16}, bytes.Repeat([]byte{0xff}, 20)...),
	} {
		b := endWith([]byte(magic), foot)
		harmless(t, b)
		if err := readers(b)["index"](); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	b := endWith([]byte(magic), nil)
	binary.LittleEndian.PutUint32(b[4:], 1<<31)
	harmless(t, b)
}

func TestUnpackBombs(t *testing.T) {
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	bomb := make([]byte, 200<<20)
	var s scratch
	for codec, data := range map[format.CompressionCodec][]byte{
		format.Zstd: enc.EncodeAll(bomb, nil), format.Snappy: snappy.Encode(nil, bomb[:100<<20]),
		format.Gzip: gzipped(t, bomb), format.Lz4Raw: append([]byte{0x1f, 0, 1, 0}, bytes.Repeat([]byte{255}, 1<<20)...),
	} {
		n := allocated(func() { _, err = s.unpack(codec, data, 1000) })
		if err == nil || n > 32<<20 {
			t.Errorf("%v: %d bytes unpacked in %d MB, %v", codec, len(data), n>>20, err)
		}
	}
	two := enc.EncodeAll(bomb[:1000], nil)
	if _, err := s.unpack(format.Zstd, append(two, enc.EncodeAll(bomb, nil)...), 1000); err == nil {
		t.Error("a second frame is unpacked")
	}
}

func gzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRunBombs(t *testing.T) {
	for name, runs := range map[string][]byte{
		"long run":    append(binary.AppendUvarint(nil, 1<<32), 0),
		"long packed": append(binary.AppendUvarint(nil, 1<<32|1), 0xaa),
		"longer run":  append(binary.AppendUvarint(nil, 1<<63), 0),
		"empty runs":  bytes.Repeat([]byte{0, 0}, 1<<16),
		"nothing":     nil,
		"only a head": {2},
		"high level":  {200, 1, 3},
	} {
		n := allocated(func() { levels(make([]byte, 100), runs, 2) })
		if n > 1<<20 {
			t.Errorf("%s takes %d bytes", name, n)
		}
	}
	got, err := levels(make([]byte, 12), []byte{8, 2, 3, 0b11100100, 0b11100100}, 3)
	if err != nil || !bytes.Equal(got, []byte{2, 2, 2, 2, 0, 1, 2, 3, 0, 1, 2, 3}) {
		t.Errorf("levels are %v, %v", got, err)
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
		meta, err := readFooter(bytes.NewReader(good), int64(len(good)))
		if err != nil {
			t.Fatal(err)
		}
		column := meta.RowGroups[0].Columns[0].MetaData
		bad := bytes.Clone(good)
		bad[column.DataPageOffset+column.TotalCompressedSize-1] ^= 16 // the end of a page, whose checksum is then wrong
		if err := readers(bad)[name](); err == nil {
			t.Errorf("%s: a flipped bit in a page goes unnoticed", name)
		}
	}
}
