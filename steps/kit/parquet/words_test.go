package parquet

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parquet-go/parquet-go/format"
)

// wordsOf returns the values of a column of a file.
func wordsOf(t *testing.T, file []byte, column string) ([]string, error) {
	t.Helper()
	p, err := Open(fstest.MapFS{"t.parquet": {Data: file}}, "t.parquet")
	if err != nil {
		return nil, err
	}
	defer p.Close()
	var list []string
	return list, EachWord(p, column, func(w string) bool {
		list = append(list, w)
		return w != "last"
	})
}

type wordRow struct {
	Host string   `parquet:"host"`
	N    int32    `parquet:"n"`
	Long int64    `parquet:"long"`
	U    uint32   `parquet:"u"`
	UU   uint64   `parquet:"uu"`
	B    bool     `parquet:"b"`
	F    float64  `parquet:"f"`
	Day  int32    `parquet:"day,date"`
	Note *string  `parquet:"note,optional"`
	List []string `parquet:"list,list"`
}

func TestEachWord(t *testing.T) {
	note := "here"
	var file bytes.Buffer
	rows := []wordRow{
		{Host: "a b", N: -7, Long: -1 << 62, U: 1<<32 - 1, UU: 1<<64 - 1, B: true, Note: &note},
		{Host: "last", B: false}, {Host: "never", B: true},
	}
	if err := Write(&file, "words", rows); err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]string{
		"host": "a b,last", "n": "-7,0,0", "long": "-4611686018427387904,0,0", "u": "4294967295,0,0",
		"uu": "18446744073709551615,0,0", "b": "true,false,true",
	} {
		var got []string
		p, err := Open(fstest.MapFS{"t.parquet": {Data: file.Bytes()}}, "t.parquet")
		if err != nil {
			t.Fatal(err)
		}
		err = EachWord(p, column, func(w string) bool { got = append(got, w); return w != "last" })
		if strings.Join(got, ",") != want || err != nil {
			t.Errorf("%s: %q, want %s (%v)", column, got, want, err)
		}
	}
	for column, want := range map[string]string{
		"f": "column f is DOUBLE, want text, integers or booleans", "day": "column day is DATE, want text",
		"note": "row 1 (the first is 0), column note: null where a value is needed", "list": "a list of values",
		"none": "column none is missing",
	} {
		if _, err := wordsOf(t, file.Bytes(), column); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", column, err, want)
		}
	}
}

// TestBooleansByHand reads pages of booleans, and such that lie.
func TestBooleansByHand(t *testing.T) {
	for name, c := range map[string]struct {
		encoding format.Encoding
		body     []byte
		want     []uint64
	}{
		"bits":           {format.Plain, []byte{0b101}, []uint64{1, 0, 1}},
		"too few":        {format.Plain, nil, nil},
		"run":            {format.RLE, []byte{2, 0, 0, 0, 6, 1}, []uint64{1, 1, 1}},
		"packed":         {format.RLE, []byte{2, 0, 0, 0, 3, 0b110}, []uint64{0, 1, 1}},
		"long":           {format.RLE, []byte{9, 0, 0, 0, 6, 1}, nil},
		"no length":      {format.RLE, []byte{9, 0}, nil},
		"short":          {format.RLE, []byte{2, 0, 0, 0, 2, 1}, nil},
		"other encoding": {format.DeltaBinaryPacked, []byte{1, 2, 3}, nil},
	} {
		var got []uint64
		page := pageBytes(t, dataPage(3, c.encoding), c.body)
		chunk := chunkOf(Leaf{}, page)
		chunk.kind = format.Boolean
		err := chunk.each(func(_ bool, _ presence, v cell) error {
			got = append(got, v.bits)
			return nil
		})
		if c.want != nil && !slices.Equal(got, c.want) || (c.want == nil) == (err == nil) {
			t.Errorf("%s: %v, want %v (%v)", name, got, c.want, err)
		}
	}
}

// FuzzEachWord reads damaged files.
func FuzzEachWord(f *testing.F) {
	var file bytes.Buffer
	if err := Write(&file, "words", []wordRow{{Host: "a", B: true}, {Host: "b"}}); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes(), "host")
	f.Add(file.Bytes(), "b")
	f.Fuzz(func(_ *testing.T, b []byte, column string) {
		p, err := Open(fstest.MapFS{"t.parquet": {Data: b}}, "t.parquet")
		if err != nil {
			return
		}
		defer p.Close()
		rows := 0
		EachWord(p, column, func(string) bool { rows++; return rows < 1000 })
	})
}
