package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/format"
)

// The delta encodings are what DuckDB writes when asked for version 2 of the
// format, and pyarrow column by column. See Encodings.md of parquet-format.

// A deltaReader reads DELTA_BINARY_PACKED one number at a time. What it claims
// takes no memory.
type deltaReader struct {
	b       []byte // behind the miniblock under way
	left    int    // numbers that come yet
	value   int64  // the next one is this, or comes from this
	started bool

	minis, size int    // miniblocks of a block, numbers of a miniblock
	least       int64  // added to every difference of the block
	widths      []byte // of the miniblocks of the block that come yet
	packed      []byte // the miniblock under way
	bit, more   int    // where in it; numbers that it has yet
	width       int
}

// newDelta reads the head. There may be up to room numbers.
func newDelta(b []byte, room int) (*deltaReader, error) {
	r := &deltaReader{b: b}
	block, minis, left := r.uvarint(), r.uvarint(), r.uvarint()
	r.value = r.varint()
	switch {
	case r.b == nil:
		return nil, errRuns
	case block == 0 || block > 1<<20 || minis == 0 || minis > block || block%minis != 0 || block/minis%8 != 0:
		return nil, fmt.Errorf("differences in blocks of %d, in %d parts", block, minis)
	case left > uint64(room):
		return nil, fmt.Errorf("a page claims %d values where there is room for %d", left, room)
	}
	r.minis, r.size, r.left = int(minis), int(block/minis), int(left)
	return r, nil
}

// uvarint reads a number; without one, b is nil from then on.
func (r *deltaReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b = nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *deltaReader) varint() int64 {
	v := r.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// next returns the next number of the page.
func (r *deltaReader) next() (int64, error) {
	if r.left == 0 {
		return 0, errRuns
	}
	r.left--
	if !r.started {
		r.started = true
		return r.value, nil
	}
	if r.more == 0 {
		if err := r.miniblock(); err != nil {
			return 0, err
		}
	}
	r.value += r.least + int64(bitsAt(r.packed, r.bit, r.width))
	r.bit += r.width
	r.more--
	return r.value, nil
}

// miniblock begins the next one, and the next block if the last is at its end.
func (r *deltaReader) miniblock() error {
	if len(r.widths) == 0 {
		r.least = r.varint()
		if len(r.b) < r.minis {
			return errRuns
		}
		r.widths, r.b = r.b[:r.minis], r.b[r.minis:]
	}
	r.width, r.widths = int(r.widths[0]), r.widths[1:]
	n := r.size / 8 * r.width
	if r.width > 64 || n > len(r.b) {
		return errRuns
	}
	r.packed, r.b = r.b[:n], r.b[n:]
	r.bit, r.more = 0, r.size
	return nil
}

// bitsAt reads a number of up to 64 bits, the lowest first.
func bitsAt(b []byte, at, width int) (v uint64) {
	for got := 0; got < width; {
		shift := (at + got) & 7
		n := min(8-shift, width-got)
		v |= uint64(b[(at+got)>>3]>>shift&(1<<n-1)) << got
		got += n
	}
	return v
}

// lengths reads as many lengths as b has at its front, up to room, and returns
// what is behind them.
func lengths(b []byte, room int) (list []int32, rest []byte, err error) {
	r, err := newDelta(b, room)
	if err != nil {
		return nil, nil, err
	}
	list = make([]int32, r.left)
	for i := range list {
		v, err := r.next()
		if err == nil && (v < 0 || v > maxPage) {
			err = fmt.Errorf("a length of %d", v)
		}
		if err != nil {
			return nil, nil, err
		}
		list[i] = int32(v)
	}
	return list, r.b, nil
}

// deltaNumbers gives the values of a page of DELTA_BINARY_PACKED.
func (c *chunk) deltaNumbers(p page) (func() (cell, error), error) {
	r, err := newDelta(p.body, p.n)
	return func() (cell, error) {
		v, err := r.next()
		if c.kind == format.Int32 {
			return cell{&c.Leaf, uint64(uint32(v)), nil}, err
		}
		return cell{&c.Leaf, uint64(v), nil}, err
	}, err
}

// deltaTexts gives the values of a page of DELTA_LENGTH_BYTE_ARRAY, or, if they
// share their beginnings, of DELTA_BYTE_ARRAY.
func (c *chunk) deltaTexts(p page, shared bool) (func() (cell, error), error) {
	body := p.body
	var prefixes []int32
	var err error
	if shared {
		if prefixes, body, err = lengths(body, p.n); err != nil {
			return nil, err
		}
	}
	list, body, err := lengths(body, p.n)
	if err == nil && shared && len(prefixes) != len(list) {
		err = errors.New("a page has another number of beginnings than of ends")
	}
	if err != nil {
		return nil, err
	}
	var last []byte
	i := 0
	return func() (cell, error) {
		if i == len(list) || int(list[i]) > len(body) {
			return cell{}, errRuns
		}
		s := body[:list[i]:list[i]]
		body = body[list[i]:]
		if shared {
			if n := int(prefixes[i]); n > len(last) || n+len(s) > maxText {
				return cell{}, fmt.Errorf("a text begins with %d bytes of one of %d", n, len(last))
			} else {
				last = append(last[:n], s...)
			}
			s = last
		}
		i++
		return cell{&c.Leaf, 0, s}, nil
	}, nil
}

// split gives the values of a page of BYTE_STREAM_SPLIT: the first bytes of all,
// then the second ones, and so on.
func (c *chunk) split(p page) (func() (cell, error), error) {
	width := c.least()
	if len(p.body)%width != 0 || len(p.body)/width > p.n {
		return nil, fmt.Errorf("%d bytes for values of %d", len(p.body), width)
	}
	n, i := len(p.body)/width, 0
	one := make([]byte, width)
	return func() (cell, error) {
		if i == n {
			return cell{}, errRuns
		}
		for k := range one {
			one[k] = p.body[k*n+i]
		}
		i++
		v, _, err := cutCell(&c.Leaf, one)
		return v, err
	}, nil
}
