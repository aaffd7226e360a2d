package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	lib "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"assay/steps/kit/matrix"
)

// TestMatrixLibrary reads a table of several row groups with parquet-go, which
// takes every checksum and offset as it is said.
func TestMatrixLibrary(t *testing.T) {
	names := featureNames(6)
	blocks := sampleBlocks(2000, 6)
	want := whole(names, "hash", blocks)
	b := windowsBytes(t, names, "hash", blocks)
	f, err := lib.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if hash, _ := f.Lookup(schemaKey); hash != "hash" || f.NumRows() != int64(want.Len()) || len(f.RowGroups()) != 1+(want.Len()-1)/matrix.GroupRows {
		t.Fatalf("hash %q, %d rows in %d groups, want %d rows", hash, f.NumRows(), len(f.RowGroups()), want.Len())
	}
	row := 0
	for _, g := range f.RowGroups() {
		centers := values(t, g.ColumnChunks()[4])
		for i := range centers {
			if centers[i].Double() != want.Center[row+i] {
				t.Fatalf("the centre of row %d is %v, want %v", row+i, centers[i], want.Center[row+i])
			}
		}
		for i, v := range values(t, g.ColumnChunks()[1]) {
			if got := string(v.ByteArray()); got != want.Episodes[want.Episode[row+i]].Key.Episode {
				t.Fatalf("row %d is of episode %s", row+i, got)
			}
		}
		for c := range names {
			for i, v := range values(t, g.ColumnChunks()[len(idColumns)+c]) {
				if x := want.Row(row + i)[c]; math.Float32bits(v.Float()) != math.Float32bits(x) {
					t.Fatalf("row %d, %s: %v, want %v", row+i, names[c], v, x)
				}
			}
		}
		row += len(centers)
	}
}

// TestMatrixSchema: the columns are as the library would have them.
func TestMatrixSchema(t *testing.T) {
	b := windowsBytes(t, []string{"z", "a"}, "", sampleBlocks(1, 2))
	f, err := lib.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	const want = `message windows {
	required binary host_id (STRING);
	required binary episode_id (STRING);
	required binary profile (STRING);
	required binary sample (STRING);
	required double t_center_s;
	required binary phase (STRING);
	required float z;
	required float a;
}`
	if got := f.Schema().String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// values reads a column of a row group with the library.
func values(t *testing.T, c lib.ColumnChunk) []lib.Value {
	t.Helper()
	pages := c.Pages()
	defer pages.Close()
	page, err := pages.ReadPage()
	if err != nil {
		t.Fatal(err)
	}
	list := make([]lib.Value, page.NumValues())
	if n, err := page.Values().ReadValues(list); n != len(list) || err != nil && err != io.EOF {
		t.Fatalf("%d of %d values: %v", n, len(list), err)
	}
	for i := range list {
		list[i] = list[i].Clone()
	}
	if _, err := pages.ReadPage(); err != io.EOF {
		t.Fatalf("after the one page: %v", err)
	}
	return list
}

// TestMatrixBounds: what the footer says of the values of a column.
func TestMatrixBounds(t *testing.T) {
	float := func(v float32) string { return string(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v))) }
	nan, inf, minus := float32(math.NaN()), float32(math.Inf(1)), float32(math.Copysign(0, -1))
	for _, c := range []struct {
		x            []float32
		least, great string
	}{
		{[]float32{3, -2, 7.5}, float(-2), float(7.5)},
		{[]float32{nan, 4, nan}, float(4), float(4)},
		{[]float32{nan, nan}, "", ""},
		{[]float32{inf, 1}, float(1), float(inf)},
		{[]float32{0, 5}, float(minus), float(5)},
		{[]float32{-5, minus}, float(-5), float(0)},
	} {
		var b bytes.Buffer
		w := NewVectorsWriter(&b, []string{"f"}, "")
		for i, x := range c.x {
			name := fmt.Sprintf("e%d", i)
			if err := w.Append(EpisodeRef{Key{"h", name}, "", strings.Repeat(name, 200)}, []float32{x}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		columns := footer(t, b.Bytes()).RowGroups[0].Columns
		s := columns[4].MetaData.Statistics
		if string(s.MinValue) != c.least || string(s.MaxValue) != c.great {
			t.Errorf("%v lie from %x to %x, want %x to %x", c.x, s.MinValue, s.MaxValue, c.least, c.great)
		}
		s = columns[1].MetaData.Statistics
		if last := fmt.Sprintf("e%d", len(c.x)-1); string(s.MinValue) != "e0" || string(s.MaxValue) != last {
			t.Errorf("the episodes lie from %s to %s, want e0 to %s", s.MinValue, s.MaxValue, last)
		}
		if s = columns[3].MetaData.Statistics; s.MinValue != nil {
			t.Error("a long text is told as a bound")
		}
	}
}

func footer(t *testing.T, b []byte) *format.FileMetaData {
	t.Helper()
	f, err := lib.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return f.Metadata()
}

// TestMatrixLongTexts: rows with long texts make smaller row groups.
func TestMatrixLongTexts(t *testing.T) {
	blocks := sampleBlocks(40, 1)
	for i := range blocks {
		blocks[i].ep.Sample = strings.Repeat("s", 60_000)
	}
	b := vectorsBytes(t, featureNames(1), "", blocks)
	if n := len(footer(t, b).RowGroups); n != 3 {
		t.Errorf("%d row groups, want 3", n)
	}
	v, err := ReadVectors(fstest.MapFS{VectorsFile: file(b)})
	if err != nil {
		t.Fatal(err)
	}
	checkVectors(t, v, blocks)
}

// TestMatrixMemory: more row groups take no more memory, but for the footer.
func TestMatrixMemory(t *testing.T) {
	names := featureNames(50)
	x := make([]float32, len(names))
	write := func(rows int) uint64 {
		return allocated(func() {
			w := NewVectorsWriter(io.Discard, names, "")
			for i := range rows {
				x[i%len(x)] = float32(i)
				if err := w.Append(EpisodeRef{Key: Key{"h", "e"}}, x); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
	few, many := write(matrix.GroupRows), write(8*matrix.GroupRows)
	if many > few+1<<20 {
		t.Errorf("a row group takes %d bytes, 8 take %d", few, many)
	}
}

// A fullDisk takes n bytes.
type fullDisk struct{ n int }

var errFull = errors.New("no space left")

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.n -= len(b); d.n < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// TestMatrixFullDisk: wherever writing fails, closing the table says so.
func TestMatrixFullDisk(t *testing.T) {
	names, blocks := featureNames(9), sampleBlocks(1000, 9)
	size := len(windowsBytes(t, names, "", blocks))
	for _, room := range []int{0, size / 3, size - 1} {
		w := NewWindowsWriter(&fullDisk{room}, names, "")
		for _, b := range blocks {
			w.Append(b.ep, b.center, b.phase, b.x) // may say it too
		}
		if err := w.Close(); !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: %v", room, size, err)
		}
	}
}
