package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Parquet's own data are Thrift in its compact protocol. The library makes
// lists as long as their headers claim and follows nesting as deep as it goes;
// so a message is walked here first, which takes no memory.

// Bounds of a message. The largest elements take 560 bytes in memory.
const (
	maxDepth    = 16
	maxElements = 1 << 19 // elements of lists of structs, in all
)

var (
	errCut  = errors.New("the metadata are cut short")
	errDeep = errors.New("the metadata are nested too deep")
)

// A walker steps over one message.
type walker struct {
	b        []byte
	pos      int
	elements int
}

// messageLen returns the length of the Thrift struct that b begins with, or an
// error if decoding it could do harm. The error is errCut if b ends too early.
func messageLen(b []byte) (int, error) {
	w := &walker{b: b}
	err := w.structure(0)
	return w.pos, err
}

// structure steps over a struct inside depth others.
func (w *walker) structure(depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	for {
		head, err := w.byte()
		if err != nil || head == 0 {
			return err
		}
		if head>>4 == 0 { // the field's number stands by itself
			if _, err := w.varint(); err != nil {
				return err
			}
		}
		if kind := head & 0xf; kind != 1 && kind != 2 { // booleans are in the head
			if err := w.value(kind, depth); err != nil {
				return err
			}
		}
	}
}

// value steps over a value of a kind.
func (w *walker) value(kind byte, depth int) error {
	switch kind {
	case 1, 2, 3: // booleans in lists, bytes
		return w.skip(1)
	case 4, 5, 6:
		_, err := w.varint()
		return err
	case 7:
		return w.skip(8)
	case 8:
		n, err := w.varint()
		if err != nil {
			return err
		}
		return w.skip(n)
	case 9, 10:
		return w.list(depth + 1)
	case 12:
		return w.structure(depth + 1)
	}
	return fmt.Errorf("the metadata hold a value of the unknown type %d", kind)
}

// list steps over a list, whose elements are counted if they cost memory.
func (w *walker) list(depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	head, err := w.byte()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = w.varint(); err != nil {
			return err
		}
	}
	if n > uint64(len(w.b)-w.pos) { // an element takes a byte at least
		return errCut
	}
	kind := head & 0xf
	if kind == 12 || kind == 9 {
		if w.elements += int(n); w.elements > maxElements {
			return fmt.Errorf("the metadata hold more than %d elements", maxElements)
		}
	}
	for range n {
		if err := w.value(kind, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) byte() (byte, error) {
	if w.pos >= len(w.b) {
		return 0, errCut
	}
	w.pos++
	return w.b[w.pos-1], nil
}

func (w *walker) varint() (uint64, error) {
	v, n := binary.Uvarint(w.b[w.pos:])
	if n == 0 {
		return 0, errCut
	}
	if n < 0 {
		return 0, errors.New("the metadata hold a number that is too large")
	}
	w.pos += n
	return v, nil
}

func (w *walker) skip(n uint64) error {
	if n > uint64(len(w.b)-w.pos) {
		return errCut
	}
	w.pos += int(n)
	return nil
}
