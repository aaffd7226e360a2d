package parquet

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

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
		b := endWith([]byte(Magic), foot)
		refusedCheaply(t, name, b)
	}
	b := endWith([]byte(Magic), nil)
	binary.LittleEndian.PutUint32(b[4:], 1<<31)
	refusedCheaply(t, "long footer", b)
}

// refusedCheaply fails if a file is opened, or costs much to refuse.
func refusedCheaply(t *testing.T, name string, b []byte) {
	t.Helper()
	var err error
	n := allocated(func() { _, err = Open(fstest.MapFS{"t.parquet": {Data: b}}, "t.parquet") })
	if err == nil || n > 512<<20 {
		t.Errorf("%s: error %v, %d MB", name, err, n>>20)
	}
}

// endWith ends a file with a footer.
func endWith(data, foot []byte) []byte {
	out := append(bytes.Clone(data), foot...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(foot)))
	return append(out, Magic...)
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

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
