package parquet

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// pageBytes makes a page of a header and its data.
func pageBytes(t *testing.T, h format.PageHeader, data []byte) []byte {
	t.Helper()
	if h.CompressedPageSize == 0 {
		h.CompressedPageSize = int32(len(data))
	}
	if h.UncompressedPageSize == 0 {
		h.UncompressedPageSize = int32(len(data))
	}
	b, err := thrift.Marshal(new(thrift.CompactProtocol), &h)
	if err != nil {
		t.Fatal(err)
	}
	return append(b, data...)
}

// chunkOf makes a column chunk of strings, of ten rows, out of pages.
func chunkOf(l Leaf, pages ...[]byte) *chunk {
	b := append([]byte(Magic), bytes.Join(pages, nil)...)
	l.kind = format.ByteArray
	group := format.RowGroup{NumRows: 10, Columns: []format.ColumnChunk{{MetaData: format.ColumnMetaData{
		DataPageOffset: 4, TotalCompressedSize: int64(len(b) - 4),
	}}}}
	p := &File{r: bytes.NewReader(b), size: int64(len(b)), mem: &scratch{}, Leaves: []Leaf{l}, meta: &format.FileMetaData{
		RowGroups: []format.RowGroup{group},
	}}
	return p.open(0, 0)
}

func dataPage(n int32, enc format.Encoding) format.PageHeader {
	return format.PageHeader{Type: format.DataPage, DataPageHeader: thrift.New(format.DataPageHeader{
		NumValues: n, Encoding: enc, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
	})}
}

func dictPage(n int32) format.PageHeader {
	return format.PageHeader{Type: format.DictionaryPage, DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{NumValues: n})}
}

// plainTexts are n plain strings "ab".
func plainTexts(n int) (b []byte) {
	for range n {
		b = append(binary.LittleEndian.AppendUint32(b, 2), "ab"...)
	}
	return b
}

func TestPagesThatLie(t *testing.T) {
	v2 := format.PageHeader{Type: format.DataPageV2, DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{
		NumValues: 10, NumRows: 10, DefinitionLevelsByteLength: 1 << 30,
	})}
	big := dataPage(10, format.Plain)
	big.UncompressedPageSize = 1 << 30
	long := dataPage(10, format.Plain)
	long.CompressedPageSize = 1 << 20
	negative := dataPage(10, format.Plain)
	negative.CompressedPageSize = -1
	damaged := dataPage(10, format.Plain)
	damaged.CRC = 1
	two := plainTexts(2)
	run := func(v byte) []byte { return []byte{2, 20, v} } // ten times v, in two bits
	for name, c := range map[string]struct {
		leaf  Leaf
		pages [][]byte
		want  string
	}{
		"fine":          {Leaf{}, [][]byte{pageBytes(t, dataPage(10, format.Plain), plainTexts(10))}, ""},
		"fine too":      {Leaf{}, [][]byte{pageBytes(t, dictPage(2), two), pageBytes(t, dataPage(10, format.RLEDictionary), run(1))}, ""},
		"many values":   {Leaf{}, [][]byte{pageBytes(t, dataPage(1<<30, format.Plain), plainTexts(10))}, "room for 10"},
		"minus values":  {Leaf{}, [][]byte{pageBytes(t, dataPage(-1, format.Plain), plainTexts(10))}, "room for 10"},
		"short":         {Leaf{}, [][]byte{pageBytes(t, dataPage(10, format.Plain), plainTexts(9))}, "ends too early"},
		"long text":     {Leaf{}, [][]byte{pageBytes(t, dataPage(1, format.Plain), []byte{255, 255, 255, 255, 1})}, "where 1 are left"},
		"large":         {Leaf{}, [][]byte{pageBytes(t, big, plainTexts(10))}, "unpacked"},
		"past the end":  {Leaf{}, [][]byte{pageBytes(t, long, plainTexts(10))}, "a page claims"},
		"negative":      {Leaf{}, [][]byte{pageBytes(t, negative, plainTexts(10))}, "a page claims"},
		"damaged":       {Leaf{}, [][]byte{pageBytes(t, damaged, plainTexts(10))}, "checksum"},
		"no dictionary": {Leaf{}, [][]byte{pageBytes(t, dataPage(10, format.RLEDictionary), run(1))}, "value 1 of a dictionary of 0"},
		"past it":       {Leaf{}, [][]byte{pageBytes(t, dictPage(2), two), pageBytes(t, dataPage(10, format.RLEDictionary), run(2))}, "value 2 of"},
		"wide numbers":  {Leaf{}, [][]byte{pageBytes(t, dictPage(2), two), pageBytes(t, dataPage(10, format.RLEDictionary), []byte{77, 20, 1})}, "77 bits"},
		"huge dict":     {Leaf{}, [][]byte{pageBytes(t, dictPage(1<<30), two)}, "it claims 1073741824 values"},
		"two dicts":     {Leaf{}, [][]byte{pageBytes(t, dictPage(2), two), pageBytes(t, dictPage(2), two)}, "there are two"},
		"encoding":      {Leaf{}, [][]byte{pageBytes(t, dataPage(10, format.ByteStreamSplit), two)}, "write them plain"},
		"no levels":     {Leaf{maxDef: 1}, [][]byte{pageBytes(t, dataPage(10, format.Plain), []byte{0, 0, 0, 0})}, errRuns.Error()},
		"long levels":   {Leaf{maxDef: 1}, [][]byte{pageBytes(t, v2, two)}, "longer than the page"},
		"nonsense":      {Leaf{}, [][]byte{bytes.Repeat([]byte{0x1c}, 9000)}, errDeep.Error()},
	} {
		var err error
		n := allocated(func() { err = chunkOf(c.leaf, c.pages...).each(func(bool, presence, cell) error { return nil }) })
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if n > 1<<20 {
			t.Errorf("%s: %d bytes are allocated", name, n)
		}
	}
	if _, err := chunkOf(Leaf{}).next(); err != io.EOF {
		t.Errorf("no pages: %v", err)
	}
}
