package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// presence says whether there is a value.
type presence uint8

const (
	present       presence = iota
	absent                 // the value, or the list, is null
	empty                  // the list has no values
	absentElement          // a value of the list is null
)

// presence reads a definition level.
func (l *Leaf) presence(def int) presence {
	switch {
	case def == l.maxDef:
		return present
	case l.shape != list || def < l.bare:
		return absent
	case def == l.bare:
		return empty
	}
	return absentElement
}

// each calls do for every value of a chunk, in order: first says whether it
// begins a row, is whether there is a value at all.
func (c *chunk) each(do func(first bool, is presence, v cell) error) error {
	for {
		p, err := c.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := c.eachOf(p, do); err != nil {
			return err
		}
	}
}

// eachOf is each for one page.
func (c *chunk) eachOf(p page, do func(first bool, is presence, v cell) error) error {
	next, err := c.values(p)
	if err != nil {
		return err
	}
	for i := range p.n {
		var v cell
		is := present
		if p.def != nil {
			is = c.presence(int(p.def[i]))
		}
		if is == present {
			if v, err = next(); err != nil {
				return err
			}
		}
		if err := do(p.rep == nil || p.rep[i] == 0, is, v); err != nil {
			return err
		}
	}
	return nil
}

// values returns a function that gives the values of a page one by one. The bytes
// of a cell are good until the next.
func (c *chunk) values(p page) (func() (cell, error), error) {
	if c.kind == format.Boolean {
		return c.booleans(p)
	}
	if p.encoding == format.Plain {
		return func() (v cell, err error) {
			v, p.body, err = cutCell(&c.Leaf, p.body)
			return v, err
		}, nil
	}
	if len(p.body) == 0 { // all null
		return func() (cell, error) { return cell{}, errRuns }, nil
	}
	numbers := c.kind == format.Int32 || c.kind == format.Int64
	switch e := p.encoding; {
	//lint:ignore SA1019 older writers still use this name for it
	case e == format.RLEDictionary || e == format.PlainDictionary:
		return c.looked(p)
	case e == format.DeltaBinaryPacked && numbers:
		return c.deltaNumbers(p)
	case e == format.DeltaLengthByteArray && c.kind == format.ByteArray:
		return c.deltaTexts(p, false)
	case e == format.DeltaByteArray && c.kind == format.ByteArray:
		return c.deltaTexts(p, true)
	case e == format.ByteStreamSplit && c.kind != format.ByteArray && c.kind != format.Boolean &&
		c.kind != format.Int96:
		return c.split(p)
	}
	return nil, fmt.Errorf("values of the type %s are encoded as %v; write them plain or with a dictionary",
		c.sense.name, p.encoding)
}

// looked gives values that are numbers into the dictionary.
func (c *chunk) looked(p page) (func() (cell, error), error) {
	if p.body[0] > 32 {
		return nil, fmt.Errorf("numbers of %d bits into the dictionary", p.body[0])
	}
	r := &runReader{b: p.body[1:], width: int(p.body[0])}
	return func() (cell, error) {
		i, err := r.next()
		if err == nil && int64(i) >= int64(len(c.dict)) {
			err = fmt.Errorf("value %d of a dictionary of %d", i, len(c.dict))
		}
		if err != nil {
			return cell{}, err
		}
		return c.dict[i], nil
	}, nil
}

// booleans gives the booleans of a page: packed bits, the lowest first, or the hybrid of runs and bits behind its
// length in bytes.
func (c *chunk) booleans(p page) (func() (cell, error), error) {
	switch p.encoding {
	case format.Plain:
		at := 0
		return func() (cell, error) {
			if at>>3 >= len(p.body) {
				return cell{}, errors.New("a page ends too early")
			}
			bit := p.body[at>>3] >> (at & 7) & 1
			at++
			return cell{leaf: &c.Leaf, bits: uint64(bit)}, nil
		}, nil
	case format.RLE:
		if len(p.body) < 4 || uint64(binary.LittleEndian.Uint32(p.body)) > uint64(len(p.body)-4) {
			return func() (cell, error) { return cell{}, errRuns }, nil
		}
		r := &runReader{b: p.body[4:][:binary.LittleEndian.Uint32(p.body)], width: 1}
		return func() (cell, error) {
			v, err := r.next()
			return cell{leaf: &c.Leaf, bits: uint64(v & 1)}, err
		}, nil
	}
	return nil, fmt.Errorf("booleans are encoded as %v; write them plain", p.encoding)
}

// least returns the number of bytes that a plain value takes at least.
func (l *Leaf) least() int {
	switch l.kind {
	case format.Int64, format.Double:
		return 8
	case format.FixedLenByteArray:
		return max(1, l.width)
	}
	return 4
}

// dictionary reads a dictionary page. Its strings outlive the page's memory.
func (c *chunk) dictionary(h *format.PageHeader, data []byte) error {
	v := &h.DictionaryPageHeader.V
	if c.dict != nil {
		return errors.New("there are two")
	}
	//lint:ignore SA1019 older writers still use this name for it
	if v.Encoding != format.Plain && v.Encoding != format.PlainDictionary {
		return fmt.Errorf("it is encoded as %v", v.Encoding)
	}
	body, err := c.file.mem.unpack(c.codec, data, int(h.UncompressedPageSize))
	if err != nil {
		return err
	}
	if n := int64(v.NumValues); n < 0 || n > c.room || n > int64(len(body)/c.least()) {
		return fmt.Errorf("it claims %d values, in %d bytes and for %d values", n, len(body), c.room)
	}
	body = append([]byte(nil), body...)
	c.dict = make([]cell, v.NumValues)
	for i := range c.dict {
		if c.dict[i], body, err = cutCell(&c.Leaf, body); err != nil {
			return err
		}
	}
	return nil
}
