package parquet

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// The library's page decoders believe what pages say of themselves: a run of
// two billion levels is six bytes in a file. So pages are read here, for the
// encodings that tools write by default, with every length bounded by the
// number of values that the row group has room for.

// A chunk reads the pages of one column of one row group.
type chunk struct {
	Leaf
	file     *File
	codec    format.CompressionCodec
	pos, end int64
	room     int64 // values that may still come
	dict     []cell
}

// A page is a decoded data page. Its memory is good until the next one.
type page struct {
	n        int    // values, nulls included
	rep      []byte // n repetition levels, or nil if all are 0
	def      []byte // n definition levels, or nil if no value is null
	body     []byte // the values that are not null
	encoding format.Encoding
}

// open starts reading column i of a row group.
func (p *File) open(group, i int) *chunk {
	g := &p.meta.RowGroups[group]
	if g.NumRows == 0 { // some writers leave a group without rows half described
		return &chunk{Leaf: p.Leaves[i], file: p}
	}
	m := &g.Columns[i].MetaData
	c := &chunk{Leaf: p.Leaves[i], file: p, codec: m.Codec, pos: chunkStart(m), room: g.NumRows}
	c.end = c.pos + m.TotalCompressedSize
	if c.maxRep > 0 {
		c.room = min(maxRows, 1<<18+8*p.size) // a list may have many values a row
	}
	return c
}

// next returns the next data page, or io.EOF.
func (c *chunk) next() (page, error) {
	for c.pos < c.end {
		h, data, err := c.raw()
		if err != nil {
			return page{}, err
		}
		switch h.Type {
		case format.DictionaryPage:
			err = c.dictionary(h, data)
		case format.DataPage:
			return c.dataV1(h, data)
		case format.DataPageV2:
			return c.dataV2(h, data)
		}
		if err != nil {
			return page{}, fmt.Errorf("dictionary: %w", err)
		}
	}
	return page{}, io.EOF
}

// raw reads a page's header and its bytes as they are in the file.
func (c *chunk) raw() (*format.PageHeader, []byte, error) {
	h := new(format.PageHeader)
	n, err := 0, error(errCut)
	for try := int64(4 << 10); err == errCut && try <= maxHeader; try *= 16 {
		b := c.file.mem.head.of(int(min(try, c.end-c.pos)))
		if err := readFull(c.file.r, b, c.pos); err != nil {
			return nil, nil, err
		}
		n, err = decodeThrift(b, h)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("page header: %w", err)
	}
	c.pos += int64(n)
	size := int64(h.CompressedPageSize)
	if size < 0 || size > min(maxPage, c.end-c.pos) || h.UncompressedPageSize < 0 || h.UncompressedPageSize > maxPage {
		return nil, nil, fmt.Errorf("a page claims %d bytes, %d unpacked", h.CompressedPageSize, h.UncompressedPageSize)
	}
	data := c.file.mem.packed.of(int(size))
	if err := readFull(c.file.r, data, c.pos); err != nil {
		return nil, nil, err
	}
	c.pos += size
	if h.CRC != 0 && crc32.ChecksumIEEE(data) != uint32(h.CRC) {
		return nil, nil, errors.New("the checksum of a page is wrong: the file is damaged")
	}
	return h, data, nil
}

// take counts the values of a data page against those there may be.
func (c *chunk) take(n int32) (int, error) {
	if n < 0 || int64(n) > c.room || n > maxPage {
		return 0, fmt.Errorf("a page claims %d values where there is room for %d", n, c.room)
	}
	c.room -= int64(n)
	return int(n), nil
}

// dataV1 unpacks a page of version 1, whose levels are packed with its values.
func (c *chunk) dataV1(h *format.PageHeader, data []byte) (p page, err error) {
	v := &h.DataPageHeader.V
	if p.n, err = c.take(v.NumValues); err != nil {
		return p, err
	}
	p.encoding = v.Encoding
	if p.body, err = c.file.mem.unpack(c.codec, data, int(h.UncompressedPageSize)); err != nil {
		return p, err
	}
	if c.maxRep > 0 {
		if p.rep, err = c.levelsV1(&p.body, &c.file.mem.rep, v.RepetitionLevelEncoding, c.maxRep, p.n); err != nil {
			return p, err
		}
	}
	if c.maxDef > 0 {
		p.def, err = c.levelsV1(&p.body, &c.file.mem.def, v.DefinitionLevelEncoding, c.maxDef, p.n)
	}
	return p, err
}

// levelsV1 cuts levels off the front of a page of version 1.
func (c *chunk) levelsV1(body *[]byte, mem *buffer, enc format.Encoding, top, n int) ([]byte, error) {
	if enc != format.RLE {
		return nil, fmt.Errorf("levels are in the old encoding %v", enc)
	}
	runs, rest, err := cut(*body)
	if err != nil {
		return nil, err
	}
	*body = rest
	return levels(mem.of(n), runs, top)
}

// dataV2 unpacks a page of version 2, whose levels stand bare before its values.
func (c *chunk) dataV2(h *format.PageHeader, data []byte) (p page, err error) {
	v := &h.DataPageHeaderV2.V
	if p.n, err = c.take(v.NumValues); err != nil {
		return p, err
	}
	p.encoding = v.Encoding
	nr, nd := int64(v.RepetitionLevelsByteLength), int64(v.DefinitionLevelsByteLength)
	if nr < 0 || nd < 0 || nr+nd > int64(len(data)) || nr+nd > int64(h.UncompressedPageSize) {
		return p, errors.New("a page's levels are longer than the page")
	}
	if c.maxRep > 0 {
		if p.rep, err = levels(c.file.mem.rep.of(p.n), data[:nr], c.maxRep); err != nil {
			return p, err
		}
	}
	if c.maxDef > 0 {
		if p.def, err = levels(c.file.mem.def.of(p.n), data[nr:nr+nd], c.maxDef); err != nil {
			return p, err
		}
	}
	codec := c.codec
	if v.IsCompressed.Valid && !v.IsCompressed.V {
		codec = format.Uncompressed
	}
	p.body, err = c.file.mem.unpack(codec, data[nr+nd:], int(int64(h.UncompressedPageSize)-nr-nd))
	return p, err
}
