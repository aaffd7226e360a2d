package matrix

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	lib "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// named is a layout with a name and a time before n features.
func named(n int) Layout {
	l := Layout{Table: "t", IDs: []Column{{"name", Text}, {"at", Double}}, Key: "k", Value: "v"}
	for i := range n {
		l.Features = append(l.Features, fmt.Sprintf("f%d", i))
	}
	return l
}

// write writes rows of features, which have the names and times given.
func write(w io.Writer, l Layout, name func(i int) string, rows [][]float32) error {
	m := New(w, l)
	for i, x := range rows {
		m.Do(func() error { // Close says it too
			m.Text(0, name(i))
			m.Double(1, float64(i))
			return m.Row(x)
		})
	}
	return m.Close()
}

// written returns a file and what parquet-go reads in its footer.
func written(t *testing.T, l Layout, name func(i int) string, rows [][]float32) ([]byte, *format.FileMetaData) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, l, name, rows); err != nil {
		t.Fatal(err)
	}
	f, err := lib.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), f.Metadata()
}

func short(i int) string { return fmt.Sprintf("e%d", i) }

// TestBounds: what the footer says of the values of a column.
func TestBounds(t *testing.T) {
	bits := func(v float32) string { return string(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v))) }
	nan, inf, minus := float32(math.NaN()), float32(math.Inf(1)), float32(math.Copysign(0, -1))
	for _, c := range []struct {
		x            []float32
		least, great string
	}{
		{[]float32{3, -2, 7.5}, bits(-2), bits(7.5)},
		{[]float32{nan, 4, nan}, bits(4), bits(4)},
		{[]float32{nan, nan}, "", ""},
		{[]float32{inf, 1}, bits(1), bits(inf)},
		{[]float32{0, 5}, bits(minus), bits(5)},
		{[]float32{-5, minus}, bits(-5), bits(0)},
	} {
		var rows [][]float32
		for _, x := range c.x {
			rows = append(rows, []float32{x})
		}
		_, meta := written(t, named(1), short, rows)
		columns := meta.RowGroups[0].Columns
		s := columns[2].MetaData.Statistics
		if string(s.MinValue) != c.least || string(s.MaxValue) != c.great {
			t.Errorf("%v lie from %x to %x, want %x to %x", c.x, s.MinValue, s.MaxValue, c.least, c.great)
		}
		s = columns[0].MetaData.Statistics
		if last := short(len(c.x) - 1); string(s.MinValue) != "e0" || string(s.MaxValue) != last {
			t.Errorf("the names lie from %s to %s, want e0 to %s", s.MinValue, s.MaxValue, last)
		}
		_, meta = written(t, named(1), func(int) string { return strings.Repeat("n", 400) }, rows)
		if s = meta.RowGroups[0].Columns[0].MetaData.Statistics; s.MinValue != nil {
			t.Error("a long text is told as a bound")
		}
	}
}

// TestLongTexts: rows with long texts make smaller row groups.
func TestLongTexts(t *testing.T) {
	_, meta := written(t, named(0), func(int) string { return strings.Repeat("s", 60_000) }, make([][]float32, 40))
	if n := len(meta.RowGroups); n != 3 || meta.NumRows != 40 {
		t.Errorf("%d rows in %d row groups, want 40 in 3", meta.NumRows, n)
	}
}

// TestNames: a feature has a name of its own that a text column could hold.
func TestNames(t *testing.T) {
	for _, features := range [][]string{{"a", "a"}, {""}, {"\xff"}, {"taken"}, make([]string, 1<<15)} {
		l := Layout{Features: features, Reserved: []string{"taken"}}
		if err := write(io.Discard, l, short, nil); err == nil {
			t.Errorf("%.20q are accepted", features)
		}
	}
}

// TestMemory: more row groups take no more memory, but for the footer.
func TestMemory(t *testing.T) {
	allocated := func(rows int) uint64 {
		var before, after runtime.MemStats
		all := random(rows, 50)
		runtime.ReadMemStats(&before)
		if err := write(io.Discard, named(50), short, all); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	few, many := allocated(GroupRows), allocated(8*GroupRows)
	if many > few+2<<20 {
		t.Errorf("a row group takes %d bytes, 8 take %d", few, many)
	}
}

// random makes rows of which many values are equal.
func random(rows, features int) [][]float32 {
	rng := rand.New(rand.NewPCG(1, 2))
	list := make([][]float32, rows)
	for i := range list {
		list[i] = make([]float32, features)
		for f := range list[i] {
			list[i][f] = float32(rng.IntN(1+f*f)) / 8
		}
	}
	return list
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

// TestFullDisk: wherever writing fails, closing the file says so.
func TestFullDisk(t *testing.T) {
	rows := random(3000, 9)
	b, _ := written(t, named(9), short, rows)
	for _, room := range []int{0, len(b) / 3, len(b) - 1} {
		if err := write(&fullDisk{room}, named(9), short, rows); !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: %v", room, len(b), err)
		}
	}
}

// BenchmarkWriters compares this writer with parquet-go on as many rows and columns
// as the windows of the corpus have.
func BenchmarkWriters(b *testing.B) {
	rows, l := random(2063, 230), named(230)
	b.Run("matrix", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := write(io.Discard, l, short, rows); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parquet-go", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := writeByLibrary(io.Discard, l, rows); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func writeByLibrary(w io.Writer, l Layout, rows [][]float32) error {
	group := lib.Group{"at": lib.Leaf(lib.DoubleType), "name": lib.String()}
	for _, f := range l.Features {
		group[f] = lib.Leaf(lib.FloatType)
	}
	t := lib.NewWriter(w, lib.NewSchema(l.Table, group), lib.MaxRowsPerRowGroup(GroupRows),
		lib.Compression(&zstd.Codec{Level: zstd.SpeedFastest, Concurrency: 1}), lib.DefaultEncodingFor(lib.ByteArray, &lib.Plain))
	row := make(lib.Row, len(group)) // columns are in the order of their names: at, features, name
	for i, x := range rows {
		row[0] = lib.DoubleValue(float64(i)).Level(0, 0, 0)
		for f, v := range x {
			row[f+1] = lib.FloatValue(v).Level(0, 0, f+1)
		}
		row[len(x)+1] = lib.ByteArrayValue([]byte(short(i))).Level(0, 0, len(x)+1)
		if _, err := t.WriteRows([]lib.Row{row}); err != nil {
			return err
		}
	}
	return t.Close()
}
