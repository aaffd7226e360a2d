package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// errRuns is the fault of levels or numbers that end before the page does.
var errRuns = errors.New("a page has fewer levels or numbers than values")

// A runReader reads Parquet's hybrid of runs and packed bits, one number at a
// time: it needs no memory, whatever the runs claim.
type runReader struct {
	b     []byte
	width int

	left   int    // numbers left of the current run
	value  uint32 // of a run of equal numbers
	packed []byte // of a run of packed ones, or nil
	bit    int    // where in packed
}

// next returns the next number.
func (r *runReader) next() (uint32, error) {
	for r.left == 0 {
		if err := r.run(); err != nil {
			return 0, err
		}
	}
	r.left--
	if r.packed == nil {
		return r.value, nil
	}
	var v uint32
	for i := range r.width {
		v |= uint32(r.packed[r.bit>>3]>>(r.bit&7)&1) << i
		r.bit++
	}
	return v, nil
}

// run reads the head of the next run.
func (r *runReader) run() error {
	head, n := binary.Uvarint(r.b)
	if n <= 0 || head>>1 > 1<<31 {
		return errRuns
	}
	r.b = r.b[n:]
	if head&1 == 0 {
		size := (r.width + 7) / 8
		if len(r.b) < size {
			return errRuns
		}
		r.value, r.packed, r.left = 0, nil, int(head>>1)
		for i, x := range r.b[:size] {
			r.value |= uint32(x) << (8 * i)
		}
		r.b = r.b[size:]
		return nil
	}
	// Groups of eight; the last ones may be cut where the values end.
	size := min(int(head>>1)*r.width, len(r.b))
	r.packed, r.bit = r.b[:size:size], 0
	r.b = r.b[size:]
	if r.left = int(head>>1) * 8; r.width > 0 {
		r.left = size * 8 / r.width
	}
	return nil
}

// levels fills dst with levels from 0 to top.
func levels(dst, runs []byte, top int) ([]byte, error) {
	r := &runReader{b: runs, width: bits.Len(uint(top))}
	for i := range dst {
		v, err := r.next()
		if err != nil {
			return nil, err
		}
		if int(v) > top {
			return nil, fmt.Errorf("a level is %d, the most is %d", v, top)
		}
		dst[i] = byte(v)
	}
	return dst, nil
}

// cut takes a length and as many bytes off the front of b.
func cut(b []byte) (front, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errors.New("a page ends too early")
	}
	n := binary.LittleEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil, fmt.Errorf("a page claims %d bytes where %d are left", n, len(b)-4)
	}
	return b[4 : 4+n], b[4+n:], nil
}
