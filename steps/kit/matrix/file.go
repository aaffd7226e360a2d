package matrix

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"assay/steps/kit/parquet"
)

// A file writes the one kind of Parquet file that tables of features are:
// columns without nulls or lists, values PLAIN and packed with zstd, one page of
// version 1 for each column of a row group, its bounds in the footer. It holds
// that footer and one page, packed, in memory. What stands where is said in
// github.com/apache/parquet-format: parquet.thrift.
type file struct {
	out     *bufio.Writer
	at      int64 // bytes written
	columns []Column
	zstd    *zstd.Encoder
	packed  []byte
	head    message // of a page
	groups  message // the row groups as the footer will have them
	n       int     // row groups
	rows    int64

	// Of the row group under way.
	start, unpacked int64
}

// bounds are the least and the greatest value of a column of a row group, as the
// bytes that the file has for them.
type bounds struct {
	told            bool
	least, greatest string
}

// newFile begins a file.
func newFile(w io.Writer, columns []Column) (*file, error) {
	// The next level saves 2 % of the size for half as much time again. A page has
	// a checksum of its own.
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false), zstd.WithZeroFrames(true))
	if err != nil {
		return nil, err
	}
	f := &file{out: bufio.NewWriterSize(w, 64<<10), columns: columns, zstd: e}
	return f, f.write([]byte(parquet.Magic))
}

func (f *file) write(b []byte) error {
	n, err := f.out.Write(b)
	f.at += int64(n)
	return err
}

// begin begins a row group; after it come the columns, each once, then end.
func (f *file) begin() {
	f.start, f.unpacked = f.at, 0
	f.groups.open()
	f.groups.list(1, thriftStruct, len(f.columns))
}

// column writes the page of a column, which has n values.
func (f *file) column(c, n int, page []byte, b bounds) error {
	f.packed = f.zstd.EncodeAll(page, f.packed[:0])
	f.header(n, len(page))
	at, unpacked := f.at, len(f.head.b)+len(page)
	if err := f.write(f.head.b); err != nil {
		return err
	}
	if err := f.write(f.packed); err != nil {
		return err
	}
	f.unpacked += int64(unpacked)
	f.chunk(f.columns[c], n, at, int64(unpacked), b)
	return nil
}

// header makes the PageHeader of the packed page.
func (f *file) header(n, size int) {
	h := &f.head
	*h = message{b: h.b[:0]}
	h.int32(1, int32(format.DataPage))
	h.int32(2, int32(size))
	h.int32(3, int32(len(f.packed)))
	h.int32(4, int32(crc32.ChecksumIEEE(f.packed)))
	h.structure(5) // DataPageHeader
	h.int32(1, int32(n))
	h.int32(2, int32(format.Plain))
	h.int32(3, int32(format.RLE)) // definition levels, of which there are none
	h.int32(4, int32(format.RLE)) // repetition levels, likewise
	h.end()
	h.end()
}

// chunk adds the ColumnChunk of the page that begins at an offset.
func (f *file) chunk(c Column, n int, at, unpacked int64, b bounds) {
	m := &f.groups
	m.open()
	m.int64(2, 0)  // a field that nobody uses any more, but must be there
	m.structure(3) // ColumnMetaData
	m.int32(1, int32(c.Kind))
	m.list(2, thriftInt32, 1)
	m.b = binary.AppendVarint(m.b, int64(format.Plain))
	m.list(3, thriftText, 1)
	m.element(c.Name)
	m.int32(4, int32(format.Zstd))
	m.int64(5, int64(n))
	m.int64(6, unpacked)
	m.int64(7, f.at-at)
	m.int64(9, at)
	m.structure(12) // Statistics
	m.int64(3, 0)   // nulls
	if b.told {
		m.text(5, b.greatest)
		m.text(6, b.least)
	}
	m.end()
	m.end()
	m.end()
}

// end ends a row group of n rows.
func (f *file) end(n int) {
	f.groups.int64(2, f.unpacked)
	f.groups.int64(3, int64(n))
	f.groups.int64(5, f.start)
	f.groups.int64(6, f.at-f.start)
	f.groups.end()
	f.n++
	f.rows += int64(n)
}

// close writes the FileMetaData and the end of the file.
func (f *file) close(l *Layout) error {
	var m message
	m.int32(1, 2) // version of the format
	f.schema(&m, l.Table)
	m.int64(3, f.rows)
	m.list(4, thriftStruct, f.n)
	m.b = append(m.b, f.groups.b...)
	m.list(5, thriftStruct, 1)
	m.open()
	m.text(1, l.Key)
	m.text(2, l.Value)
	m.end()
	m.text(6, "assay version 1(build 0)")
	m.list(7, thriftStruct, len(f.columns)) // how the bounds compare
	for range f.columns {
		m.open()
		m.structure(1) // as the column's type says
		m.end()
		m.end()
	}
	m.end()
	m.b = binary.LittleEndian.AppendUint32(m.b, uint32(len(m.b)))
	if err := f.write(append(m.b, parquet.Magic...)); err != nil {
		return err
	}
	return f.out.Flush()
}

// schema adds the list of SchemaElements: the table, then its columns.
func (f *file) schema(m *message, table string) {
	m.list(2, thriftStruct, 1+len(f.columns))
	m.open()
	m.text(4, table)
	m.int32(5, int32(len(f.columns)))
	m.end()
	for _, c := range f.columns {
		m.open()
		m.int32(1, int32(c.Kind))
		m.int32(3, int32(format.Required))
		m.text(4, c.Name)
		if c.Kind == format.ByteArray { // texts are the only ones
			m.int32(6, int32(deprecated.UTF8))
			m.structure(10) // LogicalType
			m.structure(1)  // StringType
			m.end()
			m.end()
		}
		m.end()
	}
}
