package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Magic stands at both ends of a Parquet file.
const Magic = "PAR1"

// readFooter reads and checks what a file says of itself.
func readFooter(r io.ReaderAt, size int64) (*format.FileMetaData, error) {
	var ends [12]byte // the magic; the length of the footer, the magic
	if size < int64(len(ends)) {
		return nil, errors.New("not a Parquet file: too short")
	}
	if err := readFull(r, ends[:4], 0); err != nil {
		return nil, err
	}
	if err := readFull(r, ends[4:], size-8); err != nil {
		return nil, err
	}
	if string(ends[:4]) != Magic || string(ends[8:]) != Magic {
		return nil, errors.New("not a Parquet file, or cut short")
	}
	n := int64(binary.LittleEndian.Uint32(ends[4:]))
	if n > size-int64(len(ends)) || n > maxFooter {
		return nil, fmt.Errorf("the footer claims %d bytes", n)
	}
	b := make([]byte, n)
	if err := readFull(r, b, size-8-n); err != nil {
		return nil, err
	}
	meta := new(format.FileMetaData)
	if _, err := decodeThrift(b, meta); err != nil {
		return nil, fmt.Errorf("footer: %w", err)
	}
	return meta, checkGroups(meta, size)
}

// decodeThrift decodes the message that b begins with and returns its length.
func decodeThrift(b []byte, v any) (n int, err error) {
	defer recovered(&err)
	if n, err = messageLen(b); err != nil {
		return 0, err
	}
	var p thrift.CompactProtocol
	return n, thrift.NewDecoder(p.NewReaderFromBytes(b[:n])).Decode(v)
}

// checkGroups checks the row groups against each other and the file's size.
func checkGroups(meta *format.FileMetaData, size int64) error {
	// A row takes a part of a byte at least, however well it compresses: every
	// one has a name or a time of its own.
	limit := min(maxRows, 1<<18+8*size)
	var rows int64
	for i, g := range meta.RowGroups {
		if g.NumRows < 0 || g.NumRows > limit-rows {
			return fmt.Errorf("row group %d claims %d rows, which a file of %d bytes cannot hold", i, g.NumRows, size)
		}
		if rows += g.NumRows; g.NumRows == 0 {
			continue // nothing is read from it
		}
		for j := range g.Columns {
			if err := checkChunk(&g.Columns[j], size); err != nil {
				return fmt.Errorf("row group %d, column %d: %w", i, j, err)
			}
		}
	}
	if rows != meta.NumRows {
		return fmt.Errorf("the row groups have %d rows, the file claims %d", rows, meta.NumRows)
	}
	return nil
}

func checkChunk(c *format.ColumnChunk, size int64) error {
	m := &c.MetaData
	if c.FilePath != "" || c.CryptoMetadata.Value != nil {
		return errors.New("its data are encrypted or in another file")
	}
	start := chunkStart(m)
	if start < int64(len(Magic)) || start > size || m.TotalCompressedSize < 0 || m.TotalCompressedSize > size-start {
		return fmt.Errorf("its %d bytes at %d lie outside the file", m.TotalCompressedSize, start)
	}
	return nil
}

// chunkStart returns where the first page of a column chunk begins.
func chunkStart(m *format.ColumnMetaData) int64 {
	if d := m.DictionaryPageOffset; d > 0 && d < m.DataPageOffset {
		return d
	}
	return m.DataPageOffset
}

// readFull fills b from r.
func readFull(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}
